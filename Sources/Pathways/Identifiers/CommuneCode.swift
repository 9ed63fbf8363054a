/// The code of a commune in INSEE's official geographic code (COG): 5 characters. Not a postal code.
///
/// Départements 01 to 95, 2A and 2B; 97x and 98x overseas; 99xxx a country abroad, as in birth places. Communes merge: a code is kept as
/// it was on its day.
public struct CommuneCode: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The 5 characters.
    public let value: String

    /// - Throws: `IdentifierError` `.length`, `.characters`, or `.range` for a département that never existed (00, 96).
    public init(_ text: some StringProtocol) throws(IdentifierError) {
        let bytes = try IdentifierText.bytes(text, length: 5, of: "COG")
        let isCorsican = bytes[0] == UInt8(ascii: "2") && (bytes[1] == UInt8(ascii: "A") || bytes[1] == UInt8(ascii: "B"))
        for (index, byte) in bytes.enumerated() where !(IdentifierText.isDigit(byte) || index == 1 && isCorsican) {
            throw IdentifierError(.characters, in: "COG", "must be 5 digits, except 2A or 2B as the département")
        }
        value = String(decoding: bytes, as: UTF8.self)
        let department = value.prefix(2)
        guard department != "00", department != "96" else {
            throw IdentifierError(.range, in: "COG", "must begin with a department: 01 to 95, 2A, 2B, 97, 98, or 99 for abroad")
        }
    }

    /// Whether the code is that of a foreign country.
    public var isAbroad: Bool { value.hasPrefix("99") }

    /// `85`, `2A`, `974`…; `99` abroad.
    public var department: String {
        String(value.prefix(value.hasPrefix("97") || value.hasPrefix("98") ? 3 : 2))
    }

    public var description: String { value }

    public static func < (left: CommuneCode, right: CommuneCode) -> Bool { left.value < right.value }
}
