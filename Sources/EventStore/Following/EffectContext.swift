public import Timekeeping

/// What an effect may know beside its event.
public struct EffectContext: Sendable, Hashable {
    /// The reactor's name.
    public let reactor: String
    /// The event that causes the effect.
    public let cause: EventID
    /// 1 the first time; more when a parked event is tried again.
    public let attempt: Int
    public let now: Instant

    public init(reactor: String, cause: EventID, attempt: Int, now: Instant) {
        self.reactor = reactor
        self.cause = cause
        self.attempt = attempt
        self.now = now
    }

    /// The idempotency key of one step of this effect: the same whenever the event comes again.
    ///
    /// - Parameter step: tells several steps apart; names recipient and channel where there are some.
    public func key(_ step: String) -> String { "\(cause)/\(step)" }
}
