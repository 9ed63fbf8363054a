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

    /// The events that a follower has in hand.
    public struct Handling: Sendable, Hashable {
        public var first: Int64
        public var last: Int64
        /// When they were handed over.
        public var since: Instant

        public init(first: Int64, last: Int64, since: Instant) {
            self.first = first
            self.last = last
            self.since = since
        }
    }

    public var name: String
    public var kind: FollowerKind
    public var state: State
    /// Position up to which everything took effect.
    public var position: Int64
    /// Last sign of life, also while waiting; none while a page is in hand.
    public var heartbeat: Instant?
    /// The page in hand, so that one that never ends is seen; nil between pages.
    public var handling: Handling?
    /// The last failure: for an ``EventStoreError`` its text, for others the type alone, since theirs may quote data.
    public var lastError: String?
    public var lastErrorAt: Instant?

    public init(name: String, kind: FollowerKind = .other) {
        self.name = name
        self.kind = kind
        state = .starting
        position = 0
    }

    /// Events not taken in yet, against a head that was read independently.
    public func lag(behind head: LogHead) -> Int64 {
        max(0, head.position - position)
    }
}
