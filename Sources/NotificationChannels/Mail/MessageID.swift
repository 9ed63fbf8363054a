/// What identifies a mail: `<left@right>` (RFC 5322 §3.6.4), both sides dot-atoms as we write them.
struct MessageID: Sendable, Hashable {
    /// With its angle brackets.
    let headerValue: String

    init?(headerValue: String) {
        guard headerValue.utf8.count <= 250 else { return nil }
        guard headerValue.utf8.first == UInt8(ascii: "<"), headerValue.utf8.last == UInt8(ascii: ">") else { return nil }
        let halves = headerValue.dropFirst().dropLast().split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy(SafeBytes.isDotAtom) else { return nil }
        self.headerValue = headerValue
    }

    /// Without its angle brackets.
    var bare: String { String(headerValue.dropFirst().dropLast()) }
}
