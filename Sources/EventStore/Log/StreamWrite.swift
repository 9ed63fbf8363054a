/// Events to add to one stream, and what the stream is taken to be.
public struct StreamWrite: Sendable, Hashable {
    public var stream: StreamID
    public var expected: ExpectedVersion
    /// In order. None = only check that the stream is as expected.
    public var events: [NewEvent]
    /// The patient (their stream) whom the stream is about, whose erasure takes its key; nil if it is about nobody, or
    /// if that is known from before.
    public var patient: StreamID?

    public init(stream: StreamID, expected: ExpectedVersion, events: [NewEvent], patient: StreamID? = nil) {
        self.stream = stream
        self.expected = expected
        self.events = events
        self.patient = patient
    }
}
