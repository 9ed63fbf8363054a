/// From when on a follower cannot be relied on, in milliseconds. Together with the interval of reports, whatever goes wrong is seen within
/// a minute.
public struct FollowerBounds: Sendable, Hashable {
    /// Without a report: nobody runs it.
    public var silence: Int64
    /// Without a sign of life while nothing is in hand.
    public var heartbeat: Int64
    /// One page in hand.
    public var handling: Int64
    /// The oldest event not taken in yet.
    public var pending: Int64

    public init(silence: Int64 = 30_000, heartbeat: Int64 = 45_000, handling: Int64 = 30_000, pending: Int64 = 45_000) {
        self.silence = silence
        self.heartbeat = heartbeat
        self.handling = handling
        self.pending = pending
    }
}
