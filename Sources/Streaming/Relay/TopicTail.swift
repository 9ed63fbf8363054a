public import Kafka
public import Logging

/// Reads the end of the topic `.log`.
public struct TopicTail: Sendable {
    private let tail: PartitionTail
    private let topics: Topics
    private let identity: String

    /// - Parameter identity: of the log.
    public init(configuration: KafkaConfiguration, topics: Topics, identity: String, logger: Logger) {
        tail = PartitionTail(of: topics.logPartition, configuration: configuration, logger: logger)
        self.topics = topics
        self.identity = identity
    }

    /// The last batch or announcement; nil if there was none yet. What open transactions have written does not count.
    ///
    /// - Throws: `KafkaError`; ``StreamingError`` `malformedRecord`, `wrongTerritory`; `CancellationError`.
    public func end() async throws -> TopicEnd? {
        try await tail.last { messages in
            var decoder = LogRecordDecoder(identity: identity)
            for message in messages.reversed() {
                if let end = TopicEnd(try decoder.record(of: message), at: message.offset) { return end }
            }
            return nil
        }
    }

    /// The announcement at an offset.
    ///
    /// - Throws: as ``end()``; ``StreamingError`` `missingRecords` if it is not there.
    public func writer(at offset: Int64) async throws -> WriterAnnouncement {
        try await tail.withConsumer { consumer in
            try await consumer.assign([KafkaOffset(topic: topics.log, partition: 0, offset: offset)])
            let messages = try await consumer.next(limit: 1)
            var decoder = LogRecordDecoder(identity: identity)
            guard let message = messages.first, message.offset == offset, case .writer(let writer) = try decoder.record(of: message) else {
                throw StreamingError(.missingRecords, "There is no writer's announcement at \(topics.log)[0]@\(offset): the topic was cut.")
            }
            return writer
        }
    }
}
