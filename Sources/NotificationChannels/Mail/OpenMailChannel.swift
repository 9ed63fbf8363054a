public import Logging

/// Ordinary e-mail: its text, which the templates keep free of identity and health data, crosses servers we know nothing of.
public struct OpenMailChannel: NotificationChannel {
    public var kind: ChannelName { .email }

    private let composer: MailComposer
    private let sender: AddrSpec
    private let submission: MailSubmission

    /// - Parameters:
    ///   - server: our relay; `none` is for one on this machine.
    ///   - sender: our mailbox: failures come back to it.
    ///   - parallel: connections at most.
    public init(server: MailServer, sender: AddrSpec, senderName: String? = nil, parallel: Int = 8, logger: Logger) {
        self.sender = sender
        composer = MailComposer(sender: sender, senderName: senderName, confirmationTo: nil)
        submission = MailSubmission(server: server, parallel: parallel, alarm: ChannelAlarm(kind: .email, logger: logger))
    }

    /// Reasons of `.never` beside those of the server: `unsafe-…`, `address-invalid`, `attachment-not-allowed` because a file would say
    /// what the text may not.
    public func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if let flaw = message.flaw { return .never(reason: flaw) }
        guard message.attachment == nil else { return .never(reason: "attachment-not-allowed") }
        guard let recipient = AddrSpec(address) else { return .never(reason: "address-invalid") }
        guard let content = composer.compose(message, to: recipient) else { return .never(reason: "unsafe-message") }
        return await submission.send(OutgoingMail(sender: sender, recipient: recipient, envelopeID: message.id, content: content))
    }
}
