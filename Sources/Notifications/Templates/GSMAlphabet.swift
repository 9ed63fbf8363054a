/// The basic alphabet of text messages (3GPP TS 23.038 §6.2.1), in which one message has 160 characters.
enum GSMAlphabet {
    /// Characters of one message.
    static let limit = 160

    private static let characters = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars
    )

    /// What French needs and the alphabet lacks.
    private static let substitutes: [Unicode.Scalar: String] = [
        "’": "'", "‘": "'", "«": "\"", "»": "\"", "…": "...", "–": "-", "—": "-", "\u{A0}": " ", "\u{202F}": " ", "·": ".", "œ": "oe",
        "Œ": "OE",
        "ç": "c", "ê": "e", "ë": "e", "â": "a", "î": "i", "ï": "i", "ô": "o", "û": "u", "À": "A", "È": "E", "Ê": "E", "Ë": "E", "Â": "A",
        "Î": "I",
        "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U",
    ]

    static func contains(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(characters.contains) }

    /// The text in this alphabet; what has no likeness in it reads « ? ».
    static func text(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            characters.contains(scalar) ? String(scalar) : substitutes[scalar] ?? "?"
        }.joined()
    }
}
