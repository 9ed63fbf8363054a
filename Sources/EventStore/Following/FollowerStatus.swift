public import Timekeeping

/// How a follower fares: for health checks, metrics and the status command.
public struct FollowerStatus: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        /// Has not read its checkpoint yet.
        case starting
        /// Reading and taking in pages.
        case running
        /// At the log's end, waiting for the next commit.
        case waiting
        /// Failed this many times in a row; tries again after a pause.
        case backingOff(failures: Int)
        /// Ended: cancelled, or `lastError` tells why.
        case stopped
    }

    public var name: String
    public var state: State
    /// Position up to which everything took effect.
    public var position: Int64
    /// Last sign of life, also while waiting.
    public var heartbeat: Instant?
    /// The last failure: for an ``EventStoreError`` its text, for others the type alone, since theirs may quote data.
    public var lastError: String?
    public var lastErrorAt: Instant?

    public init(name: String) {
        self.name = name
        state = .starting
        position = 0
    }

    /// Events not taken in yet, against a head that was read independently.
    public func lag(behind head: LogHead) -> Int64 {
        max(0, head.position - position)
    }
}
