/// French keeps « ? », « ! », « : », « ; » and guillemets on the line of the word that they belong to.
public enum FrenchTypography {
    private static let space = "\u{A0}"

    /// - Parameter text: plain text, or a whole page: attributes hold no such pairs but in labels, where they read the same.
    public static func apply(to text: String) -> String {
        var text = text
        for mark in ["?", "!", ":", ";", "»"] { text.replace(" \(mark)", with: "\(space)\(mark)") }
        text.replace("« ", with: "«\(space)")
        return text
    }
}
