public import EventStore

/// By what a new writer takes the topic over.
public struct WriterAnnouncement: Sendable, Hashable {
    /// From here on, batches of a lower epoch count for nothing.
    public var epoch: Int64
    /// Where the new writer begins, by its own numbering of commands.
    public var checkpoint: ReplicationCheckpoint
    /// Of the last batch before; nil if there was none.
    public var previousEpoch: Int64?
    /// Where the writer before ended, by its own numbering: what a demotion needs.
    public var previousCheckpoint: ReplicationCheckpoint?
    /// Offset of the announcement before; nil if there was none.
    public var previousAt: Int64?

    /// Position of the last event that both writers have.
    public var position: Int64 { checkpoint.cursor.position }
    /// Over positions 1 through ``position``.
    public var rootHash: Hash256 { checkpoint.frontier.root }

    public init(
        epoch: Int64,
        checkpoint: ReplicationCheckpoint,
        previousEpoch: Int64?,
        previousCheckpoint: ReplicationCheckpoint?,
        previousAt: Int64?
    ) {
        self.epoch = epoch
        self.checkpoint = checkpoint
        self.previousEpoch = previousEpoch
        self.previousCheckpoint = previousCheckpoint
        self.previousAt = previousAt
    }
}
