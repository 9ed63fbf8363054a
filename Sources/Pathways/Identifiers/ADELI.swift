/// The département's number of a professional who has no RPPS yet: 9 characters. The register is being closed.
///
/// Only the format is checked: published numbers show that the key cannot be relied on.
public struct ADELI: Sendable, Hashable, CustomStringConvertible {
    /// The 9 characters: département (2), profession (1), order (5), key (1).
    public let value: String

    /// - Throws: `IdentifierError` `.length` or `.characters` (a letter anywhere but in second place: 2A, 2B, 9A…).
    public init(_ text: some StringProtocol) throws(IdentifierError) {
        let bytes = try IdentifierText.bytes(text, length: 9, of: "ADELI")
        for (index, byte) in bytes.enumerated() where index != 1 && !IdentifierText.isDigit(byte) {
            throw IdentifierError(.characters, in: "ADELI", "must be digits, except a letter in second place (2A, 2B, overseas)")
        }
        value = String(decoding: bytes, as: UTF8.self)
    }

    public var description: String { value }
}
