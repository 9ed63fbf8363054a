public import EventStore

/// How a replica follows its topics.
public struct FollowerSettings: Sendable, Hashable {
    /// Bytes held of partitions that run ahead of others, about.
    public var byteLimit: Int
    /// Events taken into the log in one transaction, about: more of them go faster, fewer are seen earlier.
    public var groupLimit: Int
    /// Between attempts.
    public var backOff: BackOff

    public init(
        byteLimit: Int = 64 << 20,
        groupLimit: Int = 10_000,
        backOff: BackOff = BackOff(first: 100, longest: 10_000)
    ) {
        self.byteLimit = byteLimit
        self.groupLimit = max(1, groupLimit)
        self.backOff = backOff
    }

    /// Settings of librdkafka that hold where the configuration says nothing: brokers answer soon, also with little.
    static let consumerDefaults = [
        "fetch.wait.max.ms": "50", "fetch.error.backoff.ms": "50", "queued.max.messages.kbytes": "32768",
        "fetch.message.max.bytes": "\(4 << 20)",
    ]
    /// What a follower needs to be right.
    static let consumerRequirements = ["isolation.level": "read_committed", "auto.offset.reset": "error"]
}
