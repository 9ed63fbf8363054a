/// A JSON value as a tree that can be changed: for upcasters, which know the shape of yesterday. Everything else reads `JSONObject`.
public enum JSONValue: Hashable, Sendable {
    /// One member of an object.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// In the order of the text.
    case object([Member])
    case array([JSONValue])
    case string(String)
    /// As written: no digit is lost.
    case number(String)
    case bool(Bool)
    case null

    /// - Throws: `CodecError` if the text is no JSON.
    public init(_ bytes: [UInt8]) throws(CodecError) {
        let document = try JSONDocument(bytes)
        self = Self.read(document, 0)
    }

    /// The member of this name; setting nil takes it away, setting a new one adds it at the end. Nil for what is no object.
    public subscript(_ name: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
            self = .object(members)
        }
    }

    /// The text of this value, without spaces.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }

    // MARK: - Text

    private static func read(_ document: JSONDocument, _ index: Int) -> JSONValue {
        let node = document.nodes[index]
        let text = { String(decoding: document.bytes[Int(node.start)..<Int(node.start + node.length)], as: UTF8.self) }
        switch node.kind {
        case .string, .escapedString: return .string(document.text(index) ?? "")
        case .number: return .number(text())
        case .bool: return .bool(text() == "true")
        case .null: return .null
        case .array:
            var elements: [JSONValue] = []
            var child = index + 1
            while child < Int(node.end) {
                elements.append(read(document, child))
                child = Int(document.nodes[child].end)
            }
            return .array(elements)
        case .object:
            var members: [Member] = []
            var child = index + 1
            while child + 1 < Int(node.end) {
                members.append(Member(document.text(child) ?? "", read(document, child + 1)))
                child = Int(document.nodes[child + 1].end)
            }
            return .object(members)
        }
    }

    private func write(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): JSONWriter.quote(text, to: &bytes)
        case .number(let text): bytes.append(contentsOf: text.utf8)
        case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .null: bytes.append(contentsOf: "null".utf8)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                JSONWriter.quote(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.write(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }
}
