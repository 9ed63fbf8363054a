public import Logging

/// Secure health mail in the manner of MSSanté: through the operator's SMTP server, always encrypted, with a client certificate, and
/// only to domains that the operator allows. The one mail channel whose text may name a patient.
public struct SecureMailChannel: NotificationChannel {
    public var kind: ChannelName { .mssante }

    private let domains: Set<String>
    private let composer: MailComposer
    private let sender: AddrSpec
    private let submission: MailSubmission

    /// - Parameters:
    ///   - server: with `startTLS` or `implicitTLS`, and usually a certificate.
    ///   - sender: our mailbox: failures and confirmations come back to it.
    ///   - allowedDomains: the operator's list, exact names.
    ///   - parallel: connections at most.
    /// - Throws: `ChannelConfigurationError` for a server without encryption or a certificate without key.
    public init(
        server: MailServer,
        sender: AddrSpec,
        senderName: String? = nil,
        allowedDomains: some Sequence<String>,
        parallel: Int = 8,
        logger: Logger
    ) throws(ChannelConfigurationError) {
        guard server.protection != .none else { throw .invalid(setting: "protection", expected: "starttls or tls") }
        guard (server.tls.certificate == nil) == (server.tls.key == nil) else {
            throw .invalid(setting: "certificate and key", expected: "both or none")
        }
        domains = Set(allowedDomains.map { $0.lowercased() })
        self.sender = sender
        composer = MailComposer(sender: sender, senderName: senderName, confirmationTo: sender)
        submission = MailSubmission(server: server, parallel: parallel, alarm: ChannelAlarm(kind: .mssante, logger: logger))
    }

    /// Reasons of `.never` beside those of the server: `unsafe-…`, `address-invalid`, `domain-not-allowed`.
    public func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        if let flaw = message.flaw { return .never(reason: flaw) }
        guard let recipient = AddrSpec(address) else { return .never(reason: "address-invalid") }
        guard domains.contains(recipient.domain) else { return .never(reason: "domain-not-allowed") }
        guard let content = composer.compose(message, to: recipient) else { return .never(reason: "unsafe-message") }
        return await submission.send(OutgoingMail(sender: sender, recipient: recipient, envelopeID: message.id, content: content))
    }
}
