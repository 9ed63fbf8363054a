public import Timekeeping

/// An event whose effect a reactor could not have, or which waits behind such a one in its sequence.
public struct ParkedItem: Sendable, Hashable {
    /// Names it for `retry` and `discard`; unique in its store.
    public let id: Int64
    /// The reactor's name.
    public let reactor: String
    public let sequence: StreamID
    /// The event's place in the log.
    public let position: Int64
    /// What is wrong; nothing about a patient.
    public let problem: String
    /// When it was parked.
    public let since: Instant
    /// How often its effect was tried; 0 = it waits behind another.
    public let attempts: Int

    public init(id: Int64, reactor: String, sequence: StreamID, position: Int64, problem: String, since: Instant, attempts: Int) {
        self.id = id
        self.reactor = reactor
        self.sequence = sequence
        self.position = position
        self.problem = problem
        self.since = since
        self.attempts = attempts
    }
}
