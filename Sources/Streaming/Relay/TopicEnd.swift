public import EventStore

/// How far a territory's log was handed over, as the last batch or announcement in the topic `.log` tells.
public struct TopicEnd: Sendable, Hashable {
    /// Of the writer.
    public var epoch: Int64
    /// Where that writer goes on.
    public var checkpoint: ReplicationCheckpoint
    /// Offset of the record by which that writer announced itself; nil if no writer was replaced yet.
    public var writerAt: Int64?
    /// The topic `.keys` must have been read before this offset.
    public var keysThrough: Int64
    /// Of the record itself.
    public var offset: Int64

    public var position: Int64 { checkpoint.cursor.position }

    public init(epoch: Int64, checkpoint: ReplicationCheckpoint, writerAt: Int64?, keysThrough: Int64, offset: Int64) {
        self.epoch = epoch
        self.checkpoint = checkpoint
        self.writerAt = writerAt
        self.keysThrough = keysThrough
        self.offset = offset
    }

    /// What one record says; nil if it is no end of a batch.
    init?(_ record: LogRecord, at offset: Int64) {
        switch record {
        case .attachment, .command:
            return nil
        case .batch(let seal):
            self.init(epoch: seal.epoch, checkpoint: seal.checkpoint, writerAt: seal.writerAt, keysThrough: seal.keysThrough, offset: offset)
        case .writer(let writer):
            self.init(epoch: writer.epoch, checkpoint: writer.checkpoint, writerAt: offset, keysThrough: 0, offset: offset)
        }
    }
}
