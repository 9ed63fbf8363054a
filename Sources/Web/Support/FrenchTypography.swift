/// French keeps « ? », « ! », « : », « ; » and guillemets on the line of the word that they belong to.
enum FrenchTypography {
    private static let space = "\u{A0}"

    /// - Parameter html: a whole page. Attributes hold no such pairs but in labels, where they read the same.
    static func apply(to html: String) -> String {
        var text = html
        for mark in ["?", "!", ":", ";", "»"] { text.replace(" \(mark)", with: "\(space)\(mark)") }
        text.replace("« ", with: "«\(space)")
        return text
    }
}
