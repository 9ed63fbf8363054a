/// Finds the ends of lines eight bytes at a time: half of the work of reading a message.
enum LineEnds {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    static func isLineEnd(_ byte: UInt8) -> Bool {
        byte == 0x0D || byte == 0x0A
    }

    /// Where the first CR or LF at or after `index` lies; the count of the bytes when there is none.
    static func first(in bytes: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = index
        while index + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let found = zeroBytes(word ^ (ones &* 0x0D)) | zeroBytes(word ^ (ones &* 0x0A))
            if found != 0 { return index + found.trailingZeroBitCount / 8 }
            index += 8
        }
        while index < raw.count, !isLineEnd(raw[index]) { index += 1 }
        return index
    }

    /// The high bit of the first byte that is zero, and perhaps of some after it: the lowest bit set is right.
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- ones) & ~word & highBits
    }
}
