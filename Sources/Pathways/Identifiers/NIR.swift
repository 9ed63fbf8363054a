/// The key of the French social security number (NIR), which the waiting number (NIA) shares.
///
/// key = 97 − (N mod 97), where N is the number of 13 characters with `2A` read as 19 and `2B` as 18 (Corsica).
public enum NIR {
    /// The key, 1 to 97, of the 13 characters `S AA MM DD CCC OOO`.
    ///
    /// - Throws: `IdentifierError` `.length` unless there are 13 characters, `.characters` for anything but digits, `2A` or `2B`.
    public static func key(of13 text: some StringProtocol) throws(IdentifierError) -> Int {
        try key(of: IdentifierText.bytes(text, length: 13, of: identifier))
    }

    static let identifier = "INS"

    /// As `key(of13:)`, on 13 bytes already known to be digits or capital letters.
    static func key(of bytes: [UInt8]) throws(IdentifierError) -> Int {
        var number = 0
        for (index, byte) in bytes.enumerated() {
            let digit: Int
            switch (index, byte) {
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")): digit = Int(byte - UInt8(ascii: "0"))
            case (6, UInt8(ascii: "A")) where bytes[5] == UInt8(ascii: "2"): digit = 9 - 10
            case (6, UInt8(ascii: "B")) where bytes[5] == UInt8(ascii: "2"): digit = 8 - 10
            default:
                throw IdentifierError(.characters, in: identifier, "must be digits, except 2A or 2B as the département of birth")
            }
            number = number * 10 + digit
        }
        return 97 - number % 97
    }
}
