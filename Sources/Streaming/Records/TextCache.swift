/// Remembers texts that come again and again, such as types of events: one comparison instead of an allocation. Not larger than it was made,
/// whatever comes.
struct TextCache {
    private var slots = [(text: String, bytes: [UInt8])?](repeating: nil, count: 64)

    /// The text of UTF-8 bytes; nil if these are none.
    mutating func text(of bytes: [UInt8]) -> String? {
        let slot = Self.slot(bytes)
        if let known = slots[slot], known.bytes == bytes { return known.text }
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        slots[slot] = (text, bytes)
        return text
    }

    /// The UTF-8 bytes of a text.
    mutating func bytes(of text: String) -> [UInt8] {
        var text = text
        let slot = text.withUTF8 { Self.slot($0) }
        if let known = slots[slot], known.text == text { return known.bytes }
        let bytes = Array(text.utf8)
        slots[slot] = (text, bytes)
        return bytes
    }

    /// Types differ near their ends.
    private static func slot(_ bytes: some RandomAccessCollection<UInt8>) -> Int {
        var hash = bytes.count
        for byte in bytes.suffix(12) { hash = (hash &* 31) ^ Int(byte) }
        return hash & 63
    }
}
