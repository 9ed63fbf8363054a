/// Header fields, as they stand at the start of a mail, of a part of it and of a delivery report (RFC 5322 §2.2, RFC 3464 §2.1.1).
/// Tolerant: a line that is no field is passed over.
struct MailFields {
    private var fields: [(name: String, value: String)] = []

    /// - Parameter bytes: starts at the first field; reading ends at an empty line.
    /// - Returns: the fields and the place behind the empty line.
    static func parse(_ bytes: ArraySlice<UInt8>) -> (MailFields, ArraySlice<UInt8>) {
        var result = MailFields()
        var rest = bytes
        while !rest.isEmpty, result.fields.count < 500 {
            let line = takeLine(&rest)
            if line.isEmpty { break }
            let isFolded = line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t")
            if isFolded, let last = result.fields.indices.last {
                // Folding is a line break before a blank (RFC 5322 §2.2.3); the length limit keeps one field from growing without end.
                if result.fields[last].value.utf8.count < 16_384 { result.fields[last].value += " " + trimmed(line) }
            } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
                result.fields.append((trimmed(name), trimmed(line[(colon + 1)...])))
            }
        }
        return (result, rest)
    }

    /// The first field of that name, which is in lower case.
    subscript(name: String) -> String? {
        fields.first { $0.name == name }?.value
    }

    var isEmpty: Bool { fields.isEmpty }

    /// The line at the start, without its end; takes both off.
    static func takeLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
        var line = rest[..<end]
        rest = end < rest.endIndex ? rest[(end + 1)...] : rest[rest.endIndex...]
        if line.last == 0x0D { line = line.dropLast() }
        return line
    }

    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        trimmed(String(decoding: bytes, as: UTF8.self))
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
