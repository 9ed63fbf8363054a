/// A record to send.
public struct KafkaRecord: Sendable, Hashable {
    public var topic: String
    /// `nil` lets the key choose (or chance, without a key); see librdkafka's `partitioner`.
    public var partition: Int32?
    public var key: [UInt8]?
    /// `nil` is a tombstone: in a compacted topic it erases the key.
    public var value: [UInt8]?
    public var headers: [KafkaHeader]
    /// Milliseconds since 1970 UTC; `nil` is the time of sending.
    public var timestamp: Int64?

    public init(
        topic: String,
        partition: Int32? = nil,
        key: [UInt8]? = nil,
        value: [UInt8]?,
        headers: [KafkaHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}
