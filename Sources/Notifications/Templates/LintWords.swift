import NotificationChannels

/// Reads a text as a careful secretary would.
enum LintWords {
    /// All the words that open channels know.
    private static let vocabulary: Set<String> = [
        "vous", "avez", "nouvelle", "nouvelles", "demande", "demandes", "et", "information", "informations", "urgente", "urgentes", "dont",
        "rappel",
        "attend", "attendent", "votre", "réponse",
    ]

    /// Gaps left, spaces, marks.
    static func problems(_ message: RenderedMessage) -> Set<LintFinding.Problem> {
        var problems: Set<LintFinding.Problem> = []
        for line in (message.subject + "\n" + message.text).split(separator: "\n") {
            let text = line.replacing(message.link ?? "", with: "…")
            if text.contains(where: { "{}[]|".contains($0) }) { problems.insert(.gap) }
            // News stand behind a dash, what one can do below it.
            if text.drop(while: { $0 == " " }).contains("  ") || text.contains(" \u{A0}") || text.contains("\u{A0} ") {
                problems.insert(.doubleSpace)
            }
            if text.hasSuffix(" ") { problems.insert(.doubleSpace) }
            let isBroken = [" :", " ;", " ?", " !", " »", "« ", " .", " ,", ",.", "..", ",,", "()", ": ."].contains { text.contains($0) }
            // A text message has no such spaces.
            if isBroken && message.text.contains("\n\n") { problems.insert(.typography) }
        }
        return problems
    }

    /// Whether a text is made of counts alone.
    static func isOpen(_ text: String, items: Int) -> Bool {
        text.split { !($0.isLetter || $0.isNumber) }.allSatisfy { word in
            vocabulary.contains(word.lowercased()) || Int(word).map { (1...max(items, 1)).contains($0) } ?? false
        } && text.allSatisfy { $0.isLetter || $0.isNumber || $0.isWhitespace || ":()".contains($0) }
    }

    /// Whether a part of somebody's identity, a place, a care, or a number stands in a text. Words that our own texts are made of, and
    /// single letters, are seen by ``isOpen(_:items:)`` and by rendering the same about others.
    static func leaks(_ text: String, of casts: [SampleCast]) -> Bool {
        let words = Set(text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init))
        return casts.contains { cast in
            cast.secrets.contains { secret in
                let parts = secret.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
                return parts.contains { $0.count > 3 && !vocabulary.contains($0) && !common.contains($0) && words.contains($0) }
            }
        }
    }

    /// Words of subjects that titles and places hold too.
    private static let common: Set<String> = ["urgent", "patient", "suivi", "sortie", "hôpital", "visite", "retour", "domicile", "pays"]
}
