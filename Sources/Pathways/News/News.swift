public import Timekeeping

/// One thing to tell one person. Made from the log alone: the same prefix gives the same news for ever. It holds no name and no text.
public struct News: Hashable, Sendable {
    /// How much it may wait.
    public enum Urgency: String, Hashable, Sendable, CaseIterable {
        /// Told at once, at night too.
        case urgent
        /// May be merged with others, and waits for the end of quiet hours.
        case routine
    }

    public let key: NewsKey
    /// When what it tells happened.
    public let occurredAt: Instant
    public let urgency: Urgency
    /// Hex of the pathway's stream.
    public let pathway: String?
    public let followUp: String?
    /// Until when an answer is awaited: what reminders are reckoned from. Nil = no reminder.
    public let answerBy: Instant?
    /// Whether it asks, rather than tells: « nouvelles demandes ».
    public let asks: Bool
    /// Whether the recipient may read the patient's name (``IdentityRule``): asked in the pool, they may not.
    public let named: Bool

    public init(
        key: NewsKey,
        occurredAt: Instant,
        urgency: Urgency,
        pathway: String?,
        followUp: String?,
        answerBy: Instant?,
        asks: Bool,
        named: Bool
    ) {
        self.key = key
        self.occurredAt = occurredAt
        self.urgency = urgency
        self.pathway = pathway
        self.followUp = followUp
        self.answerBy = answerBy
        self.asks = asks
        self.named = named
    }
}

/// What a receiver recognises a repeat by: what happened, whom it is told, and as what.
public struct NewsKey: Hashable, Sendable, Comparable {
    /// The event's id, as in its envelope.
    public let event: String
    /// RPPS.
    public let recipient: String
    /// Name of the template.
    public let template: String
    /// The follow-up, where one event says the same of several.
    public let followUp: String?

    public init(event: String, recipient: String, template: String, followUp: String? = nil) {
        self.event = event
        self.recipient = recipient
        self.template = template
        self.followUp = followUp
    }

    public static func < (one: NewsKey, other: NewsKey) -> Bool {
        (one.event, one.recipient, one.template, one.followUp ?? "") < (other.event, other.recipient, other.template, other.followUp ?? "")
    }
}
