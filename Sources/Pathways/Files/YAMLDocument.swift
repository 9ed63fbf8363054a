internal import Yams

/// Bytes to one YAML mapping with positions, refusing what could hang or crash a server: oversize, anchors, several documents.
package enum YAMLDocument {
    /// - Parameters:
    ///   - file: the name that problems are reported under.
    ///   - limit: the most bytes accepted.
    ///   - keys: the keys the document may have.
    ///   - read: what the mapping says; nil if it cannot be said for a problem that was reported.
    /// - Throws: `FileErrors` when the bytes are not one mapping, or with all that is wrong inside it.
    package static func read<Content>(
        _ bytes: [UInt8],
        file: String,
        limit: Int,
        keys: [String],
        by read: (MappingReader) -> Content?
    ) throws(FileErrors) -> Content {
        let problems = FileProblems(file: file)
        let content = read(try root(bytes, limit: limit, keys: keys, problems: problems))
        try problems.check()
        guard let content else { throw problems.errors }
        return content
    }

    private static func root(_ bytes: [UInt8], limit: Int, keys: [String], problems: FileProblems) throws(FileErrors) -> MappingReader {
        guard bytes.count <= limit else {
            problems.report("the file has \(bytes.count) bytes", write: "keep it within \(limit) bytes", at: nil, path: "")
            throw problems.errors
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            problems.report("the file is not valid UTF-8", write: "save it as UTF-8", at: nil, path: "")
            throw problems.errors
        }
        if let place = firstAnchor(in: bytes) {
            problems.report(
                "anchors (&name) are not accepted, because an alias can repeat itself without end",
                write: "write the value out, or follow a text's & by a space",
                at: place,
                path: ""
            )
            throw problems.errors
        }
        // No useful file is this short, and a string of 15 bytes or less lives inside its own variable, where the C parser could outlive it.
        guard bytes.count > 15, let node = try compose(text, problems: problems) else {
            problems.report("the file is empty", write: "write the keys \(keys.joined(separator: ", "))", at: nil, path: "")
            throw problems.errors
        }
        guard let reader = MappingReader(node, path: "", keys: keys, problems: problems) else { throw problems.errors }
        return reader
    }

    private static func compose(_ text: String, problems: FileProblems) throws(FileErrors) -> Node? {
        do {
            // `.basic` leaves every plain scalar a string: `Scalar` decides types by the rules of JSON, the same in every reader.
            return try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch {
            let (problem, place) = explain(error)
            problems.report(problem, write: "correct it (spaces, not tabs; a text with « : » or « # » between quotes)", at: place, path: "")
            throw problems.errors
        }
    }

    private static func explain(_ error: any Error) -> (String, FilePlace?) {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            ("not YAML: \(problem)", FilePlace(mark))
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            ("the key \(duplicates.joined(separator: ", ")) is written twice", FilePlace(context.mark))
        case YamlError.reader(let problem, _, _, _):
            ("not YAML: \(problem)", nil)
        default:
            ("not YAML", nil)
        }
    }

    /// Where an anchor may begin: an ampersand after a space (or a line's start) and before a name. Found in a text too; the remedy says so.
    private static func firstAnchor(in bytes: [UInt8]) -> FilePlace? {
        var line = 1
        var column = 1
        var previous = UInt8(ascii: "\n")
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "&"), " \t\r\n[{,".utf8.contains(previous), index + 1 < bytes.count,
                !" \t\r\n".utf8.contains(bytes[index + 1])
            {
                return FilePlace(line: line, column: column)
            }
            previous = byte
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return nil
    }
}
