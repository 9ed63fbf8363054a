/// A telephone number as gateways want it (ITU-T E.164): `+`, then 8 to 15 digits.
public struct PhoneNumber: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    /// Reads `+33 6 12 34 56 78`, `0033…` and, of the country given, `06 12 34 56 78`; spaces, dots and hyphens between digits do not count.
    public init?(_ text: String, country: String = "33") {
        let marks = text.unicodeScalars.filter { !" .-\u{A0}\u{202F}".unicodeScalars.contains($0) }
        var digits = String(String.UnicodeScalarView(marks))
        if digits.hasPrefix("+") {
            digits.removeFirst()
        } else if digits.hasPrefix("00") {
            digits.removeFirst(2)
        } else if digits.hasPrefix("0") {
            digits = country + digits.dropFirst()
        } else {
            return nil
        }
        guard (8...15).contains(digits.utf8.count), digits.utf8.allSatisfy(SafeBytes.isDigit), !digits.hasPrefix("0") else { return nil }
        description = "+" + digits
    }
}
