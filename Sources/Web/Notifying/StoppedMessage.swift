public import Notifications
public import Pathways
public import Timekeeping

/// A message that goes no further by itself.
public struct StoppedMessage: Sendable, Hashable {
    public enum Cause: Sendable, Hashable {
        /// It waits for somebody to look; the problem in English, for whoever mends it.
        case parked(problem: String)
        /// Nothing more is tried; `told` is the RPPS of who was told instead, nil if nobody could be.
        case undeliverable(UndeliverableReason, tried: [ChannelKind], told: String?)
    }

    public let message: String
    /// RPPS.
    public let recipient: String
    /// What it tells, by the names of templates.
    public let templates: [String]
    public let since: Instant
    public let cause: Cause

    public init(message: String, recipient: String, templates: [String], since: Instant, cause: Cause) {
        self.message = message
        self.recipient = recipient
        self.templates = templates
        self.since = since
        self.cause = cause
    }

    /// - Returns: nil unless it is parked.
    public init?(_ message: OutboxMessage) {
        guard case .parked(let problem, let since) = message.delivery.state else { return nil }
        self.init(
            message: message.id,
            recipient: message.recipient,
            templates: message.items.map(\.key.template),
            since: since,
            cause: .parked(problem: problem)
        )
    }

    public init(_ fact: MessageUndeliverable) {
        self.init(
            message: fact.message,
            recipient: fact.recipient,
            templates: fact.items.map(\.template),
            since: fact.at,
            cause: .undeliverable(fact.reason, tried: fact.tried, told: fact.told)
        )
    }
}
