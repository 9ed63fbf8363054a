/// A topic to create.
public struct KafkaTopicSpecification: Sendable, Hashable {
    public var name: String
    /// At least 1.
    public var partitions: Int
    /// Copies of each partition; -1 is the broker's default.
    public var replicationFactor: Int
    /// Kafka's topic settings, such as `cleanup.policy` or `retention.ms`.
    public var settings: [String: String]

    public init(name: String, partitions: Int, replicationFactor: Int = -1, settings: [String: String] = [:]) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.settings = settings
    }
}
