/// A piece of a log as another machine needs it to have the same log: everything that was recorded from one place to another.
public struct LogBatch: Sendable, Hashable {
    /// In order of position, without gaps; may be empty beside commands that recorded no event.
    public var events: [RecordedEvent]
    /// Those of the events, as stored, in order of position.
    public var attachments: [ReplicatedAttachment]
    /// In the order in which they were recorded.
    public var commands: [ReplicatedCommand]
    /// Of the writer.
    public var epoch: Int64
    /// Position of the last event of the log once this is in it.
    public var last: Int64
    /// RFC 6962 root over positions 1 through ``last``.
    public var rootHash: Hash256

    /// Position of the first event; one after ``last`` if there is none.
    public var first: Int64 { last - Int64(events.count) + 1 }

    public init(
        events: [RecordedEvent],
        attachments: [ReplicatedAttachment],
        commands: [ReplicatedCommand],
        epoch: Int64,
        last: Int64,
        rootHash: Hash256
    ) {
        self.events = events
        self.attachments = attachments
        self.commands = commands
        self.epoch = epoch
        self.last = last
        self.rootHash = rootHash
    }
}
