public import Timekeeping

/// A follower's status as another process reads it: a row that the process which runs it writes every few seconds.
public struct FollowerReport: Sendable, Hashable {
    public var status: FollowerStatus
    /// Events that it has parked.
    public var parked: Int64
    /// When the row was written; old = nobody runs the follower.
    public var reportedAt: Instant

    public init(status: FollowerStatus, parked: Int64, reportedAt: Instant) {
        self.status = status
        self.parked = parked
        self.reportedAt = reportedAt
    }
}
