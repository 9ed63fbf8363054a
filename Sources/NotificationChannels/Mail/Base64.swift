/// Base64 (RFC 4648 §4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var result: [UInt8] = []
        var held = 0
        var bits = 0
        for byte in bytes {
            held = (held << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(alphabet[held >> bits & 63])
            }
        }
        if bits > 0 { result.append(alphabet[held << (6 - bits) & 63]) }
        while result.count % 4 != 0 { result.append(UInt8(ascii: "=")) }
        return String(decoding: result, as: UTF8.self)
    }

    /// Strict: `nil` for anything outside the alphabet, a wrong length or bits left over.
    static func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count % 4 == 0 else { return nil }
        let digits = bytes.prefix { $0 != UInt8(ascii: "=") }
        guard bytes.count - digits.count <= 2, bytes.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else { return nil }
        let result = decodeTolerantly(digits)
        return encode(result) == text ? result : nil
    }

    /// Reads what is of the alphabet and passes over the rest, as RFC 2045 §6.8 asks for mail.
    static func decodeTolerantly(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var held = 0
        var bits = 0
        for byte in bytes {
            guard let digit = value(byte) else { continue }
            held = (held << 6 | digit) & 0xFFFF
            bits += 6
            if bits >= 8 {
                bits -= 8
                result.append(UInt8(truncatingIfNeeded: held >> bits))
            }
        }
        return result
    }

    private static func value(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
