/// Turns ISO 8859-1 or 8859-15 bytes into UTF-8.
struct SingleByteCharset {
    private let isLatin1: Bool

    /// 8859-15 for every set but 8859-1.
    init(_ charset: Charset) {
        isLatin1 = charset == .latin1
    }

    func utf8(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                result.append(contentsOf: Unicode.Scalar(scalar(byte)).map { Array(String($0).utf8) } ?? [])
            }
        }
        return result
    }

    private func scalar(_ byte: UInt8) -> UInt32 {
        guard !isLatin1 else { return UInt32(byte) }
        return switch byte {
        case 0xA4: 0x20AC  // €
        case 0xA6: 0x0160  // Š
        case 0xA8: 0x0161  // š
        case 0xB4: 0x017D  // Ž
        case 0xB8: 0x017E  // ž
        case 0xBC: 0x0152  // Œ
        case 0xBD: 0x0153  // œ
        case 0xBE: 0x0178  // Ÿ
        default: UInt32(byte)
        }
    }
}
