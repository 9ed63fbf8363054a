/// Turns ISO 8859-1 or 8859-15 bytes into UTF-8.
struct SingleByteCharset {
    private let isLatin1: Bool

    /// 8859-15 for every set but 8859-1.
    init(_ charset: Charset) {
        isLatin1 = charset == .latin1
    }

    func utf8(_ bytes: [UInt8]) -> [UInt8] {
        // A byte outside ASCII becomes two or three.
        let capacity = bytes.count + bytes.reduce(into: 0) { extra, byte in extra += byte < 0x80 ? 0 : 2 }
        return [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            for byte in bytes {
                if byte < 0x80 {
                    buffer[count] = byte
                    count += 1
                } else {
                    count += write(scalar(byte), to: buffer, at: count)
                }
            }
        }
    }

    /// Writes U+0080 to U+FFFF as two or three bytes; says how many.
    private func write(_ scalar: UInt16, to buffer: UnsafeMutableBufferPointer<UInt8>, at index: Int) -> Int {
        let last = 0x80 | UInt8(truncatingIfNeeded: scalar) & 0x3F
        let middle = UInt8(truncatingIfNeeded: scalar >> 6)
        if scalar < 0x800 {
            buffer[index] = 0xC0 | middle
            buffer[index + 1] = last
            return 2
        }
        buffer[index] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
        buffer[index + 1] = 0x80 | middle & 0x3F
        buffer[index + 2] = last
        return 3
    }

    private func scalar(_ byte: UInt8) -> UInt16 {
        guard !isLatin1 else { return UInt16(byte) }
        return switch byte {
        case 0xA4: 0x20AC  // €
        case 0xA6: 0x0160  // Š
        case 0xA8: 0x0161  // š
        case 0xB4: 0x017D  // Ž
        case 0xB8: 0x017E  // ž
        case 0xBC: 0x0152  // Œ
        case 0xBD: 0x0153  // œ
        case 0xBE: 0x0178  // Ÿ
        default: UInt16(byte)
        }
    }
}
