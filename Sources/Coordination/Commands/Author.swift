public import EventStore
public import Timekeeping

/// The author's part of an envelope, common to all events of one decision.
public struct Author: Sendable, Hashable {
    /// CloudEvents `source`: `urn:finess:…`, `urn:rpps:…`, `urn:relais:follow-up-planner`.
    public var source: String
    /// By whom, as a URN, when a person is known.
    public var actor: String?
    /// When it happened (I5), for events that state no time of their own.
    public var occurredAt: Instant
    public var causation: EventID?
    public var correlation: EventID?

    public init(source: String, actor: String? = nil, occurredAt: Instant, causation: EventID? = nil, correlation: EventID? = nil) {
        self.source = source
        self.actor = actor
        self.occurredAt = occurredAt
        self.causation = causation
        self.correlation = correlation
    }
}
