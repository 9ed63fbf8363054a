/// Quoted-printable (RFC 2045 §6.7).
enum QuotedPrintable {
    /// Text as lines of at most 76 characters, each ended by CRLF; every kind of line break in it becomes one CRLF.
    static func encode(_ text: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count * 5 / 4)
        for line in lines(of: text) {
            var length = 0
            for (index, byte) in line.enumerated() {
                let isBlank = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
                let literal = (isBlank && index + 1 < line.count) || (SafeBytes.isVisible(byte) && byte != UInt8(ascii: "="))
                // One place stays for the "=" of a soft line break.
                if length + (literal ? 1 : 3) > 75 {
                    result += [UInt8(ascii: "="), 0x0D, 0x0A]
                    length = 0
                }
                if literal {
                    result.append(byte)
                    length += 1
                } else {
                    result += [UInt8(ascii: "="), Hexadecimal.upper(byte >> 4), Hexadecimal.upper(byte & 15)]
                    length += 3
                }
            }
            result += [0x0D, 0x0A]
        }
        return result
    }

    /// Tolerant: what is no escape stands for itself.
    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var joined: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "="), index + 1 < bytes.count {
                if bytes[index + 1] == 0x0A {
                    index += 2
                    continue
                }
                if bytes[index + 1] == 0x0D, index + 2 < bytes.count, bytes[index + 2] == 0x0A {
                    index += 3
                    continue
                }
            }
            joined.append(bytes[index])
            index += 1
        }
        return Hexadecimal.unescape(joined, mark: UInt8(ascii: "="))
    }

    private static func lines(of text: String) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0D || (byte == 0x0A && previous != 0x0D) {
                lines.append([])
            } else if byte != 0x0A {
                lines[lines.count - 1].append(byte)
            }
            previous = byte
        }
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
