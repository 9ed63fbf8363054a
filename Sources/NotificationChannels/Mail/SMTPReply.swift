/// A server's answer to one command (RFC 5321 §4.2).
struct SMTPReply: Sendable, Hashable {
    let code: Int
    /// The texts of its lines, without code and hyphen.
    let lines: [String]

    /// The first of the enhanced status codes (RFC 2034), such as `5.1.1`; `nil` when there is none.
    var enhanced: String? {
        guard let word = lines.first?.split(separator: " ").first else { return nil }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(SafeBytes.isDigit) }) else { return nil }
        return String(word)
    }

    var isPositive: Bool { (200...399).contains(code) }

    /// One line of an answer: `250-text` goes on, `250 text` and `250` are the last.
    static func parse(_ line: [UInt8]) -> (code: Int, isLast: Bool, text: String)? {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy(SafeBytes.isDigit) else { return nil }
        let code = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        let text = String(decoding: line.dropFirst(4), as: UTF8.self)
        guard let mark = line.dropFirst(3).first else { return (code, true, text) }
        guard mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-") else { return nil }
        return (code, mark == UInt8(ascii: " "), text)
    }
}
