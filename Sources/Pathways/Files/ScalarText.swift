internal import Yams

/// What a scalar means, by the one reading that YAML 1.1, YAML 1.2 and JSON Schema share: what looks like something other than a text
/// must be quoted to be one. `85300` is a number, `"85300"` a text.
enum ScalarText {
    case text(String)
    case number(String)
    /// A boolean, null or empty word.
    case word(String)

    init(_ scalar: Node.Scalar) {
        let string = scalar.string
        guard scalar.style == .plain || scalar.style == .any else {
            self = .text(string)
            return
        }
        if Self.looksNumeric(string) {
            self = .number(string)
        } else if Self.words.contains(string.lowercased()) {
            self = .word(string)
        } else {
            self = .text(string)
        }
    }

    private static let words: Set<String> = ["", "~", "null", "true", "false", "yes", "no", "on", "off", ".nan", ".inf", "-.inf", "+.inf"]

    /// Decimal, hexadecimal, octal, binary, with underscores, or the base 60 of YAML 1.1 (`08:30`); a date is a text.
    private static func looksNumeric(_ string: String) -> Bool {
        guard let first = string.utf8.first, IdentifierText.isDigit(first) || "+-.".utf8.contains(first) else { return false }
        let compact = string.replacing("_", with: "")
        if Double(compact) != nil { return true }
        if ["0x", "0o", "0b"].contains(where: compact.lowercased().hasPrefix) { return true }
        return compact.contains(":") && compact.utf8.allSatisfy { IdentifierText.isDigit($0) || ":.+-".utf8.contains($0) }
    }
}
