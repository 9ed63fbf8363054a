/// Somebody else's words, as they may stand in ours.
enum QuotedText {
    private static let space = "\u{A0}"

    /// On one line: a name must not begin a line of its own, as if we had said it.
    static func oneLine(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { $0.properties.isWhitespace || $0.properties.generalCategory == .control ? " " : $0 }
        let words = String(String.UnicodeScalarView(scalars)).split(separator: " ").joined(separator: " ")
        return String(words.prefix(200))
    }

    /// « 02 61 91 00 44 » where a number has ten digits.
    static func phone(_ number: String) -> String {
        let digits = Array(number.filter { $0.isASCII && $0.isNumber })
        guard digits.count == 10, number.first != "+" else { return oneLine(number) }
        return stride(from: 0, to: 10, by: 2).map { String(digits[$0...($0 + 1)]) }.joined(separator: space)
    }
}
