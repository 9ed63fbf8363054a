/// Writes fields as a 16-bit big-endian length and that many bytes; an absent field is the length 0xFFFF alone.
/// Integers are big-endian two's complement.
struct LengthPrefixedEncoder {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 128) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append(byte: UInt8) {
        bytes.append(byte)
    }

    /// - Parameter text: shorter than 0xFFFF bytes in UTF-8; a longer one is cut, which callers rule out first.
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            let count = min(utf8.count, Int(LeafEntry.absent) - 1)
            append(length: UInt16(count))
            bytes.append(contentsOf: utf8.prefix(count))
        }
    }

    mutating func append(_ text: String?) {
        guard let text else { return append(length: LeafEntry.absent) }
        append(text)
    }

    mutating func append(_ value: Int64) {
        append(length: 8)
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ value: Int16) {
        append(length: 2)
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(high: UInt64, low: UInt64) {
        append(length: 16)
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ id: EventID?) {
        guard let id else { return append(length: LeafEntry.absent) }
        append(high: id.high, low: id.low)
    }

    mutating func append(_ hash: Hash256?) {
        guard let hash else { return append(length: LeafEntry.absent) }
        append(length: UInt16(Hash256.byteCount))
        hash.withBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func append(length: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: length >> 8))
        bytes.append(UInt8(truncatingIfNeeded: length))
    }
}
