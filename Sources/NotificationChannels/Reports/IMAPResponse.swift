/// One response of a server: its text, and the literals that stood in it.
struct IMAPResponse: Sendable, Hashable {
    let text: String
    let literals: [[UInt8]]

    /// The n of a `{n}` that ends the line (RFC 3501 §4.3), `nil` when there is none.
    static func announcedLength(_ line: [UInt8]) -> Int? {
        guard line.last == UInt8(ascii: "}"), let opening = line.lastIndex(of: UInt8(ascii: "{")) else { return nil }
        let digits = line[(opening + 1)...].dropLast()
        guard (1...9).contains(digits.count), digits.allSatisfy(SafeBytes.isDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
