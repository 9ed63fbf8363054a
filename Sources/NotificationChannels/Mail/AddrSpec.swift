/// A mail address: a dot-atom at a host name, ASCII only (RFC 5321 §4.1.2 without quoted strings and address literals).
///
/// It cannot hold a space, a line break, a bracket or a quote, so it is safe in a header and in a command.
public struct AddrSpec: Sendable, Hashable, CustomStringConvertible {
    /// As written: the left part may be sensitive to case.
    public let local: String
    /// In lower case.
    public let domain: String

    /// `nil` when it is none.
    public init?(_ text: String) {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, let local = halves.first, let domain = halves.last else { return nil }
        guard local.utf8.count <= 64, SafeBytes.isDotAtom(local), SafeBytes.isHostName(domain) else { return nil }
        self.local = String(local)
        self.domain = domain.lowercased()
    }

    public var description: String { "\(local)@\(domain)" }
}
