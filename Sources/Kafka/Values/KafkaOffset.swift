/// A place in a partition. For reading and committing it is the next message to read; what a producer gets back is the record's own place.
public struct KafkaOffset: Sendable, Hashable, CustomStringConvertible {
    public var topic: String
    public var partition: Int32
    /// A place from 0, or ``beginning``, ``end`` or ``stored``.
    public var offset: Int64

    /// The oldest message that the partition still has.
    public static let beginning: Int64 = -2
    /// Behind the newest message.
    public static let end: Int64 = -1
    /// Where the group committed last, else what `auto.offset.reset` says.
    public static let stored: Int64 = -1000

    public init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    public var place: KafkaPartition { KafkaPartition(topic: topic, partition: partition) }

    /// The place after this one: what to commit when the record here is dealt with.
    public var next: KafkaOffset { KafkaOffset(topic: topic, partition: partition, offset: offset.saturatingSuccessor) }

    public var description: String {
        switch offset {
        case Self.beginning: "\(place)@beginning"
        case Self.end: "\(place)@end"
        case Self.stored: "\(place)@stored"
        default: "\(place)@\(offset)"
        }
    }
}
