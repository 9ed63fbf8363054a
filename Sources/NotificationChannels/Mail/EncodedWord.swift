/// Text in a header beyond ASCII (RFC 2047), written in UTF-8 and base64, read in what mail systems use.
enum EncodedWord {
    /// Bytes of UTF-8 in one word: 52 digits of base64, so that even behind `Subject: ` a line stays within 76 characters.
    private static let wordBytes = 39

    /// A header's text: as it is when it is short printable ASCII, else encoded words folded over lines. Never a bare line break.
    ///
    /// - Parameter always: encoded words even for what needs none.
    static func encode(_ text: String, always: Bool = false) -> String {
        let isPlain = !always && text.utf8.count <= 60 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !text.contains("=?")
        if isPlain, text.first != " ", text.last != " " { return text }
        var words: [[UInt8]] = [[]]
        for scalar in text.unicodeScalars {
            let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            if words[words.count - 1].count + bytes.count > wordBytes { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Base64.encode($0))?=" }.joined(separator: "\r\n ")
    }

    /// Tolerant: a word that cannot be read stays as it is.
    static func decode(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        var afterWord = false
        while let opening = firstRange(of: "=?", in: rest) {
            let between = rest[..<opening]
            guard let (word, end) = word(at: opening, in: rest) else {
                let next = rest.index(opening, offsetBy: 2)
                result += rest[..<next]
                rest = rest[next...]
                afterWord = false
                continue
            }
            // Blanks between two words only fold the line (§6.2).
            if !afterWord || !between.allSatisfy(\.isWhitespace) { result += between }
            result += word
            rest = rest[end...]
            afterWord = true
        }
        return result + rest
    }

    private static func word(at start: Substring.Index, in text: Substring) -> (String, Substring.Index)? {
        let parts = text[text.index(start, offsetBy: 2)...].split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts[3].first == "=" else { return nil }
        let data: [UInt8]
        switch parts[1] {
        case "B", "b": data = Base64.decodeTolerantly(parts[2].utf8)
        case "Q", "q":
            let blanks = parts[2].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
            data = Hexadecimal.unescape(blanks, mark: UInt8(ascii: "="))
        default: return nil
        }
        guard let decoded = MailCharset.decode(data, named: String(parts[0])) else { return nil }
        return (decoded, text.index(after: parts[3].startIndex))
    }

    private static func firstRange(of mark: String, in text: Substring) -> Substring.Index? {
        text.firstRange(of: mark)?.lowerBound
    }
}
