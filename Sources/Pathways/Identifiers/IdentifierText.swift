/// The two checks that every identifier begins with.
enum IdentifierText {
    /// The bytes of `text` if it has exactly `length` ASCII letters or digits.
    static func bytes(_ text: some StringProtocol, length: Int, of identifier: String) throws(IdentifierError) -> [UInt8] {
        let bytes = Array(text.utf8.prefix(length + 1))
        guard bytes.count == length else {
            throw IdentifierError(.length, in: identifier, "must have exactly \(length) characters, without spaces")
        }
        guard bytes.allSatisfy({ isDigit($0) || isUppercase($0) }) else {
            throw IdentifierError(.characters, in: identifier, "may hold only digits and capital letters A to Z")
        }
        return bytes
    }

    static func requireDigits(_ bytes: some Sequence<UInt8>, of identifier: String, _ message: String) throws(IdentifierError) {
        for byte in bytes where !isDigit(byte) {
            throw IdentifierError(.characters, in: identifier, message)
        }
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    static func isUppercase(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }
}
