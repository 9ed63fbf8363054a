/// Escape sequences in text (HL7 v2.5 §2.7), both ways.
enum Escaping {
    /// The longest run of blanks or line ends that one `\.sk n\` or `\.sp n\` may ask for.
    private static let longestRun = 100

    /// The text that `bytes` write. A sequence that is unknown, malformed or not closed stays as it stands.
    static func decode(_ bytes: ArraySlice<UInt8>, delimiters: Delimiters, charset: Charset) -> String {
        guard let escape = delimiters.escape, var mark = bytes.firstIndex(of: escape) else { return String(decoding: bytes, as: UTF8.self) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var rest = bytes.startIndex
        while let close = bytes[(mark + 1)...].firstIndex(of: escape) {
            result.append(contentsOf: bytes[rest..<mark])
            if let decoded = decode(sequence: bytes[(mark + 1)..<close], delimiters: delimiters, charset: charset) {
                result.append(contentsOf: decoded)
                rest = close + 1
            } else {
                // Kept: its closing mark may as well open the next sequence.
                result.append(contentsOf: bytes[mark..<close])
                rest = close
            }
            guard let next = bytes[rest...].firstIndex(of: escape) else { break }
            mark = next
        }
        result.append(contentsOf: bytes[rest...])
        return String(decoding: result, as: UTF8.self)
    }

    /// `text` as it must be written: delimiters, control characters and a text that would read as null are escaped.
    static func encode(_ text: String, delimiters: Delimiters, into result: inout [UInt8]) {
        if text == "\"\"" {
            append(hexadecimal: 0x22, delimiters, into: &result)
            append(hexadecimal: 0x22, delimiters, into: &result)
            return
        }
        let isPlain = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard bytes.allSatisfy({ !needsEscape($0, delimiters) }) else { return false }
            result.append(contentsOf: bytes)
            return true
        }
        if isPlain == true { return }
        for byte in text.utf8 {
            // Letters, digits and what is not ASCII are never delimiters.
            guard byte < 0x80, !Delimiters.isAlphanumeric(byte) else {
                result.append(byte)
                continue
            }
            switch byte {
            case delimiters.field: append("F", delimiters, into: &result)
            case delimiters.component: append("S", delimiters, into: &result)
            case delimiters.repetition: append("R", delimiters, into: &result)
            case delimiters.escape: append("E", delimiters, into: &result)
            case delimiters.subcomponent: append("T", delimiters, into: &result)
            // A message whose delimiters hold the dot cannot hold the command: it would be cut there.
            case 0x0A where !needsEscape(UInt8(ascii: "."), delimiters): append(".br", delimiters, into: &result)
            case 0..<0x20: append(hexadecimal: byte, delimiters, into: &result)
            default: result.append(byte)
            }
        }
    }

    /// The byte cannot stand in text as it is.
    static func needsEscape(_ byte: UInt8, _ delimiters: Delimiters) -> Bool {
        byte < 0x20 || byte == delimiters.field || byte == delimiters.component || byte == delimiters.repetition || byte == delimiters.escape
            || byte == delimiters.subcomponent
    }

    private static func decode(sequence: ArraySlice<UInt8>, delimiters: Delimiters, charset: Charset) -> [UInt8]? {
        guard let first = sequence.first else { return nil }
        if sequence.count == 1 {
            switch first {
            case UInt8(ascii: "F"): return [delimiters.field]
            case UInt8(ascii: "S"): return [delimiters.component]
            case UInt8(ascii: "R"): return delimiters.repetition.map { [$0] }
            case UInt8(ascii: "E"): return delimiters.escape.map { [$0] }
            case UInt8(ascii: "T"): return delimiters.subcomponent.map { [$0] }
            case UInt8(ascii: "H"), UInt8(ascii: "N"): return []
            default: return nil
            }
        }
        switch first {
        case UInt8(ascii: "X"): return decode(hexadecimal: sequence.dropFirst(), charset: charset)
        case UInt8(ascii: "."): return decode(command: sequence.dropFirst())
        default: return nil
        }
    }

    /// Bytes of the message's character set: UTF-8 if they are, else its single-byte set.
    private static func decode(hexadecimal digits: ArraySlice<UInt8>, charset: Charset) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        var index = digits.startIndex
        while index < digits.endIndex {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
            index += 2
        }
        return String(validating: bytes, as: UTF8.self) == nil ? SingleByteCharset(charset).utf8(bytes) : bytes
    }

    /// Formatting commands of the FT type (§2.7.6) reduced to plain text: line ends, blanks, or nothing for margins and filling.
    private static func decode(command: ArraySlice<UInt8>) -> [UInt8]? {
        let name = command.prefix(2)
        let argument = command.dropFirst(2)
        switch String(decoding: name, as: UTF8.self) {
        case "br", "ce": return argument.isEmpty ? [0x0A] : nil
        case "sp": return count(argument).map { [UInt8](repeating: 0x0A, count: $0) }
        case "sk": return count(argument).map { [UInt8](repeating: 0x20, count: $0) }
        case "fi", "nf": return argument.isEmpty ? [] : nil
        case "in", "ti": return []
        default: return nil
        }
    }

    private static func count(_ digits: ArraySlice<UInt8>) -> Int? {
        if digits.isEmpty { return 1 }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number >= 0 else { return nil }
        return min(number, longestRun)
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static func append(_ sequence: StaticString, _ delimiters: Delimiters, into result: inout [UInt8]) {
        guard let escape = delimiters.escape else { return }
        result.append(escape)
        result.append(contentsOf: sequence.description.utf8)
        result.append(escape)
    }

    private static func append(hexadecimal byte: UInt8, _ delimiters: Delimiters, into result: inout [UInt8]) {
        guard let escape = delimiters.escape else { return }
        let digits = Array("0123456789ABCDEF".utf8)
        result.append(contentsOf: [escape, UInt8(ascii: "X"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)], escape])
    }
}
