/// The national number of a health professional (répertoire partagé des professionnels de santé): 11 digits, the last a Luhn key.
public struct RPPS: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 11 digits.
    public let value: String

    /// - Throws: `IdentifierError` `.length`, `.characters` or `.checkDigit`. An IDNPS of 12 digits is not an RPPS: see `IDNPS`.
    public init(_ text: some StringProtocol) throws(IdentifierError) { value = try Self.checked(text) }

    /// As above, for what it nearly always is: other modules would read it letter by letter.
    public init(_ text: String) throws(IdentifierError) { value = try Self.checked(text) }

    private static func checked(_ text: some StringProtocol) throws(IdentifierError) -> String {
        let bytes = try IdentifierText.bytes(text, length: 11, of: "RPPS")
        try IdentifierText.requireDigits(bytes, of: "RPPS", "must be 11 digits")
        guard Luhn.isValid(bytes) else {
            throw IdentifierError(.checkDigit, in: "RPPS", "the last digit is not the Luhn key of the first ten")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { value }

    public static func < (left: RPPS, right: RPPS) -> Bool { left.value < right.value }
}
