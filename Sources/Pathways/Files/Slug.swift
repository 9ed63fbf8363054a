/// The form of every name that files give to things: `heart-failure`, `gp-visit`, `elderly-75`.
enum Slug {
    static let expected = "small letters, digits and single hyphens, 2 to 40 characters, a letter first: heart-failure"

    /// The text itself if it has the form.
    static func make(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard (2...40).contains(bytes.count), let first = bytes.first, isLetter(first), bytes.last != UInt8(ascii: "-") else { return nil }
        guard bytes.allSatisfy({ isLetter($0) || IdentifierText.isDigit($0) || $0 == UInt8(ascii: "-") }), !text.contains("--") else { return nil }
        return text
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
    }
}
