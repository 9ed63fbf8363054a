public import EventStore

/// An event as it was read from the topic.
public struct EventRecord: Sendable, Hashable {
    public var event: RecordedEvent
    /// Of the writer that handed it over.
    public var epoch: Int64

    public init(event: RecordedEvent, epoch: Int64) {
        self.event = event
        self.epoch = epoch
    }
}
