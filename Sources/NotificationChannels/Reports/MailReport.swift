/// What a mail system or a reader's program says became of one of our mails, for one recipient.
public struct MailReport: Sendable, Hashable {
    /// What happened.
    public enum Kind: String, Sendable, Hashable {
        /// In the mailbox (RFC 3464 §2.3.3 `delivered`, `expanded`).
        case delivered
        /// Handed to a system that tells nothing further (`relayed`).
        case relayed
        /// Not yet; the system goes on trying (`delayed`).
        case delayed
        /// Not delivered, and no further attempt (`failed`; an MDN with the disposition `failed`).
        case failed
        /// Shown to the person (RFC 8098 §3.2.6.2 `displayed`).
        case displayed
        /// Deleted; the person may not have seen it (`deleted`).
        case deleted
        /// Passed on or handled without having been shown (`dispatched`, `processed`).
        case handled
        /// The recipient's software could not take it in (MSSanté, subject `[KO Intégration système !]`).
        case integrationFailed = "integration-failed"
    }

    public var kind: Kind
    /// The mailbox the report is about, as the reporting system writes it.
    public var recipient: String?
    /// The enhanced status code of a delivery report, such as `5.1.1` (RFC 3463), or the code of a failed integration.
    public var status: String?
    /// What we gave as ENVID (RFC 3461 §4.4): the message's id.
    public var envelopeID: String?
    /// The Message-ID of our mail with its angle brackets.
    public var messageID: String?

    public init(kind: Kind, recipient: String? = nil, status: String? = nil, envelopeID: String? = nil, messageID: String? = nil) {
        self.kind = kind
        self.recipient = recipient
        self.status = status
        self.envelopeID = envelopeID
        self.messageID = messageID
    }
}
