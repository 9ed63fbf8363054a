/// A piece of a log as it stood at one moment, without its root; ``ReplicationSource`` makes a ``LogBatch`` of it.
public struct ReplicationPage: Sendable, Hashable {
    /// In order of position, without gaps.
    public var events: [RecordedEvent]
    /// Those of the events, in order of position.
    public var attachments: [ReplicatedAttachment]
    /// In the order in which they were recorded.
    public var commands: [ReplicatedCommand]
    /// Where the next page begins.
    public var next: LogCursor
    /// The log's head at that moment.
    public var head: LogHead

    /// Whether there was nothing more to hand over.
    public var isEmpty: Bool { events.isEmpty && commands.isEmpty }
}
