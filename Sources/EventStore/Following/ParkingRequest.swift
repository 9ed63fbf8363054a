public import Timekeeping

/// An event to be parked.
public struct ParkingRequest: Sendable, Hashable {
    public let sequence: StreamID
    public let position: Int64
    /// What is wrong; nothing about a patient.
    public let problem: String
    public let since: Instant
    /// 0 = it only waits behind another.
    public let attempts: Int

    public init(sequence: StreamID, position: Int64, problem: String, since: Instant, attempts: Int) {
        self.sequence = sequence
        self.position = position
        self.problem = problem
        self.since = since
        self.attempts = attempts
    }
}
