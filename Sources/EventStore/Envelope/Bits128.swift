/// Loading, storing and printing of 128-bit identifiers, shared by ``StreamID`` and ``EventID``.
enum Bits128 {
    static let byteCount = 16

    /// Reads 16 big-endian bytes; nil if the length differs.
    static func load(_ bytes: UnsafeRawBufferPointer) -> (high: UInt64, low: UInt64)? {
        guard bytes.count == byteCount else { return nil }
        return (
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// Reads exactly 32 hexadecimal digits of either case.
    static func parse(hex text: some StringProtocol) -> (high: UInt64, low: UInt64)? {
        // Nearly every text is contiguous; the rest is copied.
        if let halves = text.utf8.withContiguousStorageIfAvailable(parse) { return halves }
        return Array(text.utf8).withUnsafeBufferPointer(parse)
    }

    private static func parse(_ digits: UnsafeBufferPointer<UInt8>) -> (high: UInt64, low: UInt64)? {
        guard digits.count == byteCount * 2 else { return nil }
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for (index, digit) in digits.enumerated() {
            let value: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            if index < byteCount {
                halves.high = halves.high << 4 | UInt64(value)
            } else {
                halves.low = halves.low << 4 | UInt64(value)
            }
        }
        return halves
    }

    /// The 32 lower-case hexadecimal digits.
    static func hex(high: UInt64, low: UInt64) -> String {
        Hex.encode(bytes(high: high, low: low))
    }

    static func bytes(high: UInt64, low: UInt64) -> [UInt8] {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) }
    }
}
