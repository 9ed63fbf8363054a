/// What a server has seen since it was made.
public struct MLLPCounters: Sendable, Hashable {
    /// Connections accepted.
    public var connections = 0
    /// Connections open now.
    public var openConnections = 0
    /// Connections closed at once because there were too many.
    public var refused = 0
    /// Complete frames handed to the handler.
    public var frames = 0
    /// Frames begun and not ended, by a restart, a timeout or the end of the connection.
    public var truncated = 0
    /// Frames longer than allowed, each of which closed its connection.
    public var oversized = 0
    /// Connections closed because their unfinished frame was the longest when all together were too long.
    public var crowdedOut = 0
    /// Bytes outside frames.
    public var garbage = 0
    /// Connections closed because nothing came, a frame was not finished or an answer was not taken in time.
    public var timedOut = 0

    public init() {}
}
