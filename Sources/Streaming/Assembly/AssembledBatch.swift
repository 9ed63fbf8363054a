public import EventStore

/// A batch that is whole, and what must be so before it is taken in.
public struct AssembledBatch: Sendable, Hashable {
    public var batch: LogBatch
    /// The topic `.keys` must have been read before this offset; 0 = no need.
    public var keysThrough: Int64
    /// Milliseconds since 1970 UTC at which its last event was recorded; 0 without events.
    public var recordedAt: Int64
    /// Of its seal in `.log`.
    public var offset: Int64

    public init(batch: LogBatch, keysThrough: Int64, recordedAt: Int64, offset: Int64) {
        self.batch = batch
        self.keysThrough = keysThrough
        self.recordedAt = recordedAt
        self.offset = offset
    }
}
