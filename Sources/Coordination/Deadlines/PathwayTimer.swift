public import EventStore
public import Timekeeping

/// When a pathway must be looked at again.
public struct PathwayTimer: Sendable, Hashable {
    public let stream: StreamID
    public let due: Instant
    /// The version of the stream that ``due`` was computed from.
    public let version: Int64

    public init(stream: StreamID, due: Instant, version: Int64) {
        self.stream = stream
        self.due = due
        self.version = version
    }
}
