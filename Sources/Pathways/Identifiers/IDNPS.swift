/// The national identifier of a person in the health directory: a prefix that says which register, then the number.
///
/// It travels where an RPPS is expected (Pro Santé Connect, XCN with `IDNPS`), so it is split here and nowhere else.
/// Source: IHE PAM France 2.11.2, §6 (ROL-4).
public struct IDNPS: Sendable, Hashable, CustomStringConvertible {
    /// What follows the prefix.
    public enum Content: Sendable, Hashable {
        /// Prefix 8.
        case rpps(RPPS)
        /// Prefix 0.
        case adeli(ADELI)
        /// Prefix 3: a structure's FINESS and a number that is unique in it. Kept as written.
        case structure(String)
    }

    /// The identifier as written, prefix included.
    public let value: String
    public let content: Content

    /// The RPPS inside, if it is one.
    public var rpps: RPPS? {
        if case .rpps(let rpps) = content { rpps } else { nil }
    }

    /// - Throws: `IdentifierError` `.unknownSystem` for a prefix other than 8, 0 or 3, else what the number inside is refused for.
    public init(_ text: some StringProtocol) throws(IdentifierError) {
        let rest = text.dropFirst()
        switch text.first {
        case "8": content = .rpps(try RPPS(rest))
        case "0": content = .adeli(try ADELI(rest))
        case "3": content = .structure(try Self.local(rest))
        default: throw IdentifierError(.unknownSystem, in: "IDNPS", "must begin with 8 (RPPS), 0 (ADELI) or 3 (FINESS and local number)")
        }
        value = String(text)
    }

    public var description: String { value }

    private static func local(_ text: some StringProtocol) throws(IdentifierError) -> String {
        let bytes = Array(text.utf8.prefix(65))
        guard (1...64).contains(bytes.count) else {
            throw IdentifierError(.length, in: "IDNPS", "must have 1 to 64 characters after the prefix 3")
        }
        guard bytes.allSatisfy({ $0 > UInt8(ascii: " ") && $0 < 0x7F }) else {
            throw IdentifierError(.characters, in: "IDNPS", "may hold only printable ASCII without spaces")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
