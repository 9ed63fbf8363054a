/// How an MLLP server listens and what it puts up with.
public struct MLLPServerConfiguration: Sendable, Hashable {
    /// Host name or IP address to bind to.
    public var host: String
    /// TCP port; 0 takes a free one.
    public var port: Int
    /// Connections beyond this number are closed as soon as they are made.
    public var maximumConnections: Int
    /// The longest message, in bytes; a longer one closes its connection.
    public var maximumFrameLength: Int
    /// The most that the unfinished frames of all connections may hold together, in bytes received; beyond it the connection that holds
    /// the most is closed, so that many senders of endless frames cost memory once and no good sender anything.
    public var maximumUnfinishedLength: Int
    /// How long a connection may stay without a complete frame, or leave an answer unread.
    public var idleTimeout: Duration
    /// How long a frame may take from its first byte to its last, however it trickles in.
    public var frameTimeout: Duration
    /// How long a stop waits for the frames in hand before it closes their connections.
    public var drainTimeout: Duration
    /// Threads that do the network's work.
    public var threads: Int

    public init(
        host: String = "127.0.0.1",
        port: Int = 2575,
        maximumConnections: Int = 256,
        maximumFrameLength: Int = 1 << 20,
        maximumUnfinishedLength: Int = 64 << 20,
        idleTimeout: Duration = .seconds(600),
        frameTimeout: Duration = .seconds(30),
        drainTimeout: Duration = .seconds(10),
        threads: Int = 1
    ) {
        self.host = host
        self.port = port
        self.maximumConnections = maximumConnections
        self.maximumFrameLength = maximumFrameLength
        self.maximumUnfinishedLength = maximumUnfinishedLength
        self.idleTimeout = idleTimeout
        self.frameTimeout = frameTimeout
        self.drainTimeout = drainTimeout
        self.threads = max(threads, 1)
    }
}
