public import Kafka

/// What the territory's topics are to be like. Sizes are in bytes, times in milliseconds, as Kafka has them.
public struct TopicPlan: Sendable, Hashable {
    /// Of the topic of events. Fixed once there are events: a stream must stay in its partition.
    public var eventPartitions: Int
    /// Of the topics of partners' commands and answers.
    public var intakePartitions: Int
    /// Shares into which those who are told are divided among notifiers: at most so many nodes can share the work. Fixed once they work.
    public var notifierShares: Int
    /// Copies of each partition.
    public var replication: Int
    /// Copies that must have a record before it is acknowledged.
    public var minimumInSync: Int
    /// How long events and log are kept; -1 = for ever, which is what a new follower needs.
    public var retention: Int64
    /// How long what partners send, and get, is kept.
    public var partnerRetention: Int64
    /// After which time a destroyed key's wrapped bytes are gone from the topic, at the latest.
    public var longestCompactionLag: Int64
    /// The largest record: a sealed attachment with its headers.
    public var largestRecord: Int

    public init(
        eventPartitions: Int = 12,
        intakePartitions: Int = 3,
        notifierShares: Int = 12,
        replication: Int = 3,
        minimumInSync: Int = 2,
        retention: Int64 = -1,
        partnerRetention: Int64 = 7 * 86_400_000,
        longestCompactionLag: Int64 = 86_400_000,
        largestRecord: Int = 20 << 20
    ) {
        self.eventPartitions = eventPartitions
        self.intakePartitions = intakePartitions
        self.notifierShares = notifierShares
        self.replication = replication
        self.minimumInSync = minimumInSync
        self.retention = retention
        self.partnerRetention = partnerRetention
        self.longestCompactionLag = longestCompactionLag
        self.largestRecord = largestRecord
    }

    /// The topics to create; beside them two of each partner: what it is told, and its answers where it asks for them there.
    ///
    /// - Parameter partners: their ids.
    /// - Throws: ``StreamingError`` `invalidRequest` for an id that cannot be in a name.
    public func specifications(_ topics: Topics, partners: [String] = []) throws(StreamingError) -> [KafkaTopicSpecification] {
        let kept = deleting(after: retention)
        let passing = deleting(after: partnerRetention)
        var specifications = [
            topic(topics.events, eventPartitions, kept),
            topic(topics.log, 1, kept),
            topic(topics.keys, 1, compacting),
            topic(topics.intake, intakePartitions, passing),
            topic(topics.answers, intakePartitions, passing),
            topic(topics.outbox, notifierShares, compacting),
            topic(topics.facts, intakePartitions, passing),
        ]
        for partner in partners {
            specifications.append(topic(try topics.partner(partner), 1, passing))
            specifications.append(topic(try topics.answers(to: partner), 1, passing))
        }
        return specifications
    }

    private func topic(_ name: String, _ partitions: Int, _ settings: [String: String]) -> KafkaTopicSpecification {
        let common = ["min.insync.replicas": "\(minimumInSync)", "max.message.bytes": "\(largestRecord)"]
        return KafkaTopicSpecification(
            name: name,
            partitions: partitions,
            replicationFactor: replication,
            settings: settings.merging(common) { own, _ in own }
        )
    }

    private func deleting(after retention: Int64) -> [String: String] {
        // Retention by size would cut a log without a word.
        ["cleanup.policy": "delete", "retention.ms": "\(retention)", "retention.bytes": "-1"]
    }

    private var compacting: [String: String] {
        [
            "cleanup.policy": "compact", "max.compaction.lag.ms": "\(longestCompactionLag)",
            "delete.retention.ms": "\(longestCompactionLag)", "segment.ms": "\(longestCompactionLag)",
        ]
    }
}
