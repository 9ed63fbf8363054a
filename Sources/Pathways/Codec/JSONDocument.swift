/// A parsed JSON text: one pass over the bytes records where each value begins and ends; strings and numbers become Swift values
/// only when they are asked for.
///
/// Foundation's `JSONDecoder` reads about 43,000 of our payloads a second on one core, which makes a rebuild of the read models of a
/// region last hours. This reader knows the same grammar (RFC 8259), is tested against Foundation as an oracle, and stands behind
/// `EventBody`, so that it can be replaced.
///
/// `final class` so that the many small `JSONObject` views share one buffer; immutable, hence `Sendable`.
public final class JSONDocument: Sendable {
    enum Kind: UInt8 { case object, array, string, escapedString, number, bool, null }

    /// `end` is the index of the first node behind this value, so that siblings are found without descending.
    struct Node {
        var kind: Kind
        var start: UInt32
        var length: UInt32
        var end: UInt32
    }

    let bytes: [UInt8]
    let nodes: [Node]

    /// - Throws: `CodecError` naming the byte where the text stops being JSON.
    public init(_ bytes: [UInt8]) throws(CodecError) {
        var parser = JSONParser(bytes: bytes)
        nodes = try parser.parse()
        self.bytes = bytes
    }

    /// The top-level object.
    public func object() throws(CodecError) -> JSONObject {
        guard let first = nodes.first, first.kind == .object else { throw CodecError(path: "$", problem: "is not an object") }
        return JSONObject(document: self, node: 0, place: .root)
    }

    func text(_ index: Int) -> String? {
        let node = nodes[index]
        let range = Int(node.start)..<Int(node.start + node.length)
        switch node.kind {
        case .string: return String(decoding: bytes[range], as: UTF8.self)
        case .escapedString: return JSONParser.unescape(bytes[range])
        default: return nil
        }
    }

    func integer(_ index: Int) -> Int64? {
        let node = nodes[index]
        guard node.kind == .number else { return nil }
        return Int64(String(decoding: bytes[Int(node.start)..<Int(node.start + node.length)], as: UTF8.self))
    }

    func keyEquals(_ index: Int, _ key: StaticString) -> Bool {
        let node = nodes[index]
        guard node.kind == .string, Int(node.length) == key.utf8CodeUnitCount else { return false }
        let start = Int(node.start)
        let wanted = UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        return bytes.withUnsafeBufferPointer { all in
            for offset in 0..<wanted.count where all[start + offset] != wanted[offset] { return false }
            return true
        }
    }
}
