public import EventStore

/// How a relay cuts the log into batches, and how patient it is.
public struct RelaySettings: Sendable, Hashable {
    /// Events in one transaction, at most.
    public var batchLimit: Int
    /// Bytes of payloads, attachments or answers after which a batch ends.
    public var byteLimit: Int
    /// Keys in one transaction, about.
    public var keyLimit: Int
    /// Milliseconds between two looks at the keys while the log has nothing new.
    public var keyInterval: Int64
    /// Between attempts.
    public var backOff: BackOff

    public init(
        batchLimit: Int = 2_000,
        byteLimit: Int = 8 << 20,
        keyLimit: Int = 2_000,
        keyInterval: Int64 = 500,
        backOff: BackOff = BackOff(first: 50, longest: 5_000)
    ) {
        self.batchLimit = batchLimit
        self.byteLimit = byteLimit
        self.keyLimit = max(1, keyLimit)
        self.keyInterval = keyInterval
        self.backOff = backOff
    }

    /// Settings of librdkafka that hold where the configuration says nothing: as Java's producers choose partitions, little waiting for
    /// more records since whole batches are sent at once, room for the largest attachment.
    static let producerDefaults = [
        "linger.ms": "1", "partitioner": "murmur2_random", "compression.type": "lz4", "message.max.bytes": "\(24 << 20)",
        "queue.buffering.max.messages": "200000",
    ]
}
