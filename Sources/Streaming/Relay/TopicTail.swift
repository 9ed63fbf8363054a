public import Kafka
public import Logging

/// Reads the end of the topic `.log`.
public struct TopicTail: Sendable {
    private let configuration: KafkaConfiguration
    private let topics: Topics
    private let identity: String
    private let logger: Logger

    /// Records read at once, first; more each time in which nothing is found.
    private static let window: Int64 = 64
    private static let growth: Int64 = 16
    /// How long messages that were fetched before the partition's end may take to be handed out.
    private static let drain = Duration.milliseconds(50)

    /// - Parameter identity: of the log.
    public init(configuration: KafkaConfiguration, topics: Topics, identity: String, logger: Logger) {
        self.configuration = configuration
        self.topics = topics
        self.identity = identity
        self.logger = logger
    }

    /// The last batch or announcement; nil if there was none yet. What open transactions have written does not count.
    ///
    /// - Throws: `KafkaError`; ``StreamingError`` `malformedRecord`, `wrongTerritory`; `CancellationError`.
    public func end() async throws -> TopicEnd? {
        var window = Self.window
        while true {
            // Another consumer each time: it tells the partition's end once.
            let (messages, isAll) = try await last(window)
            var decoder = LogRecordDecoder(identity: identity)
            for message in messages.reversed() {
                if let end = TopicEnd(try decoder.record(of: message), at: message.offset) { return end }
            }
            guard !isAll else { return nil }
            (window, _) = window.multipliedReportingOverflow(by: Self.growth)
        }
    }

    private func last(_ count: Int64) async throws -> (messages: [KafkaMessage], isAll: Bool) {
        try await withConsumer { consumer in
            let marks = try await consumer.watermarks(of: topics.logPartition)
            guard marks.high > marks.low else { return ([], true) }
            let start = max(marks.low, marks.high - count)
            return (try await read(from: start, consumer), start == marks.low)
        }
    }

    /// The announcement at an offset.
    ///
    /// - Throws: as ``end()``; ``StreamingError`` `missingRecords` if it is not there.
    public func writer(at offset: Int64) async throws -> WriterAnnouncement {
        try await withConsumer { consumer in
            try await consumer.assign([KafkaOffset(topic: topics.log, partition: 0, offset: offset)])
            let messages = try await consumer.next(limit: 1)
            var decoder = LogRecordDecoder(identity: identity)
            guard let message = messages.first, message.offset == offset, case .writer(let writer) = try decoder.record(of: message) else {
                throw StreamingError(.missingRecords, "There is no writer's announcement at \(topics.log)[0]@\(offset): the topic was cut.")
            }
            return writer
        }
    }

    private func withConsumer<Value: Sendable>(_ body: (KafkaConsumer) async throws -> Value) async throws -> Value {
        var configuration = configuration
        configuration.settings["isolation.level"] = "read_committed"
        configuration.settings["auto.offset.reset"] = "error"
        let consumer = try KafkaConsumer(configuration: configuration, logger: logger)
        do {
            let value = try await body(consumer)
            await consumer.shutdown()
            return value
        } catch {
            await consumer.shutdown()
            throw error
        }
    }

    /// All from `start` to the end as it is when it is reached.
    private func read(from start: Int64, _ consumer: KafkaConsumer) async throws -> [KafkaMessage] {
        try await consumer.assign([KafkaOffset(topic: topics.log, partition: 0, offset: start)])
        let events = consumer.events
        return try await withThrowingTaskGroup(of: [KafkaMessage]?.self) { group in
            let box = MessageBox()
            group.addTask {
                while true { box.add(try await consumer.next(limit: 4_000)) }
            }
            group.addTask {
                for await event in events {
                    if case .endOfPartition = event { break }
                }
                // What came before the end is handed out before the end is told; the other task takes it.
                var count = -1
                while count != box.count {
                    count = box.count
                    try await Task.sleep(for: Self.drain)
                }
                return nil
            }
            _ = try await group.next()
            group.cancelAll()
            return box.messages
        }
    }
}
