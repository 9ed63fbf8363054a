/// A value and its parameters, as in `Content-Type: multipart/report; report-type=delivery-status; boundary="x"` (RFC 2045 §5.1).
struct MailParameters {
    let value: String
    private var parameters: [String: String] = [:]

    init(_ text: String) {
        let pieces = Self.pieces(of: text)
        value = pieces.first ?? ""
        for piece in pieces.dropFirst() {
            guard let equals = piece.firstIndex(of: "=") else { continue }
            let name = Self.trimmed(piece[..<equals]).lowercased()
            if parameters[name] == nil { parameters[name] = Self.unquoted(Self.trimmed(piece[piece.index(after: equals)...])) }
        }
    }

    /// The parameter of that name, which is in lower case.
    subscript(name: String) -> String? { parameters[name] }

    /// Cut at semicolons outside quotes.
    private static func pieces(of text: String) -> [String] {
        var pieces = [""]
        var isQuoted = false
        var isEscaped = false
        for character in text {
            if character == ";", !isQuoted {
                pieces.append("")
                continue
            }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && !isEscaped
            pieces[pieces.count - 1].append(character)
        }
        return pieces.map { trimmed($0[...]) }
    }

    private static func unquoted(_ text: String) -> String {
        guard text.count >= 2, text.first == "\"", text.last == "\"" else { return text }
        var result = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                result.append(character)
                isEscaped = false
            }
        }
        return result
    }

    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
