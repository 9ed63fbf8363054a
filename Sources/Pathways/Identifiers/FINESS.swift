/// The national number of an establishment: 9 characters, the département first, a Luhn key last.
///
/// One number names a legal entity (EJ) or a site (ET) and does not say which: a notification concerns the site.
public struct FINESS: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 9 characters.
    public let value: String

    /// Whether the key was checked. `false` for numbers with a letter in the département (2A, 2B and the 0B of test
    /// identifiers): published sources do not agree on how the letter counts, so such a number is accepted unchecked.
    public let isKeyVerified: Bool

    /// - Throws: `IdentifierError` `.length`, `.characters` (a letter anywhere but A or B in second place) or `.checkDigit`.
    public init(_ text: some StringProtocol) throws(IdentifierError) {
        let bytes = try IdentifierText.bytes(text, length: 9, of: "FINESS")
        let isLettered = bytes[1] == UInt8(ascii: "A") || bytes[1] == UInt8(ascii: "B")
        for (index, byte) in bytes.enumerated() where !(IdentifierText.isDigit(byte) || index == 1 && isLettered) {
            throw IdentifierError(.characters, in: "FINESS", "must be 9 digits, except A or B in second place (Corsica)")
        }
        guard isLettered || Luhn.isValid(bytes) else {
            throw IdentifierError(.checkDigit, in: "FINESS", "the last digit is not the Luhn key of the first eight")
        }
        isKeyVerified = !isLettered
        value = String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { value }

    public static func < (left: FINESS, right: FINESS) -> Bool { left.value < right.value }
}
