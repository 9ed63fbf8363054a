/// A record as it was read.
public struct KafkaMessage: Sendable, Hashable {
    public var topic: String
    public var partition: Int32
    /// Its place in the partition.
    public var offset: Int64
    public var key: [UInt8]?
    /// `nil` is a tombstone.
    public var value: [UInt8]?
    public var headers: [KafkaHeader]
    /// Milliseconds since 1970 UTC; `nil` when the broker gave none.
    public var timestamp: Int64?

    public init(
        topic: String,
        partition: Int32,
        offset: Int64,
        key: [UInt8]? = nil,
        value: [UInt8]?,
        headers: [KafkaHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }

    /// What to commit once this message is dealt with: the offset after it.
    public var next: KafkaOffset { KafkaOffset(topic: topic, partition: partition, offset: offset.saturatingSuccessor) }

    /// The value of the first header of that name, as text.
    public func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.text
    }
}

extension Int64 {
    /// The number after this one; the largest stays what it is.
    var saturatingSuccessor: Int64 { self == .max ? self : self + 1 }
}
