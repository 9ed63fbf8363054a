/// Integers as big-endian bytes.
enum BigEndian {
    static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The integer; nil unless the number of bytes is its width.
    static func decode<Value: FixedWidthInteger>(_ bytes: some Collection<UInt8>, as: Value.Type) -> Value? {
        guard bytes.count * 8 == Value.bitWidth else { return nil }
        return bytes.reduce(0) { $0 << 8 | Value(truncatingIfNeeded: $1) }
    }
}
