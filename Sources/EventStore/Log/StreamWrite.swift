/// Events to add to one stream, and what the stream is taken to be.
public struct StreamWrite: Sendable, Hashable {
    public var stream: StreamID
    public var expected: ExpectedVersion
    /// In order. None = only check that the stream is as expected.
    public var events: [NewEvent]

    public init(stream: StreamID, expected: ExpectedVersion, events: [NewEvent]) {
        self.stream = stream
        self.expected = expected
        self.events = events
    }
}
