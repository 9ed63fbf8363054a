/// Partitions that the group takes back from a consumer.
public struct KafkaRevocation: Sendable, Hashable {
    public var partitions: [KafkaPartition]
    /// The group has given them to another already: commits for them fail, and what is in work will be read again.
    public var isLost: Bool

    public init(partitions: [KafkaPartition], isLost: Bool) {
        self.partitions = partitions
        self.isLost = isLost
    }
}
