/// The form of a follow-up's title: what to do, at a glance, on a phone.
enum RuleTitle {
    static let limit = 40
    static let expected = "an infinitive first, at most 40 characters: « Voir le patient à domicile »"

    /// The text itself if it begins with a capitalised infinitive (« Appeler », « Se rendre », « S’assurer ») and is short enough.
    static func make(_ text: String) -> String? {
        guard text.unicodeScalars.count <= limit, let capital = text.unicodeScalars.first, capital.properties.isUppercase else { return nil }
        var rest = Substring(text)
        for pronoun in ["Se ", "S’", "S'"] where rest.hasPrefix(pronoun) {
            rest = rest.dropFirst(pronoun.count)
            break
        }
        let verb = rest.prefix { $0.isLetter }
        return verb.count >= 4 && ["er", "ir", "re"].contains(where: verb.hasSuffix) ? text : nil
    }
}
