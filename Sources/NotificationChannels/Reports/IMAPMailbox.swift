/// The name of a mailbox: printable ASCII (RFC 3501 §5.1), so that it cannot end a command.
public struct IMAPMailbox: Sendable, Hashable {
    public let name: String

    /// `nil` when it cannot be one.
    public init?(_ name: String) {
        guard (1...200).contains(name.utf8.count), name.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        self.name = name
    }

    /// Where mail arrives.
    public static let inbox = IMAPMailbox(checked: "INBOX")

    private init(checked name: String) {
        self.name = name
    }

    /// As a quoted string (RFC 3501 §4.3).
    var quoted: String {
        "\"" + name.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }
}
