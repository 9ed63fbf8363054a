public import EventStore

/// What stands behind a batch in the topic `.log`: that it is whole, and the Merkle root a copy must arrive at.
public struct BatchSeal: Sendable, Hashable {
    /// Of the writer.
    public var epoch: Int64
    /// Which records are the batch's; each time a batch is tried it has another.
    public var attempt: UInt64
    /// Position of the first event; one after ``last`` if there is none.
    public var first: Int64
    /// Position of the log's last event once the batch is in it.
    public var last: Int64
    public var attachmentCount: Int
    public var commandCount: Int
    /// Over positions 1 through ``last``.
    public var rootHash: Hash256
    /// The topic `.keys` must have been read before this offset; 0 = no need.
    public var keysThrough: Int64
    /// Offset in `.log` of the record by which this writer announced itself; nil if no writer was replaced yet.
    public var writerAt: Int64?
    /// Milliseconds since 1970 UTC at which the batch's last event was recorded; 0 without events.
    public var recordedAt: Int64
    /// Where the writer goes on.
    public var checkpoint: ReplicationCheckpoint

    public init(
        epoch: Int64,
        attempt: UInt64,
        first: Int64,
        last: Int64,
        attachmentCount: Int,
        commandCount: Int,
        rootHash: Hash256,
        keysThrough: Int64,
        writerAt: Int64?,
        recordedAt: Int64,
        checkpoint: ReplicationCheckpoint
    ) {
        self.epoch = epoch
        self.attempt = attempt
        self.first = first
        self.last = last
        self.attachmentCount = attachmentCount
        self.commandCount = commandCount
        self.rootHash = rootHash
        self.keysThrough = keysThrough
        self.writerAt = writerAt
        self.recordedAt = recordedAt
        self.checkpoint = checkpoint
    }
}
