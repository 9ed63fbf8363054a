import Kafka
import Logging

/// Reads the end of one partition.
struct PartitionTail: Sendable {
    private let configuration: KafkaConfiguration
    private let place: KafkaPartition
    private let logger: Logger

    /// Records read at once, first; more each time in which nothing is found.
    private static let window: Int64 = 64
    private static let growth: Int64 = 16
    /// How long messages that were fetched before the partition's end may take to be handed out.
    private static let drain = Duration.milliseconds(50)

    init(of place: KafkaPartition, configuration: KafkaConfiguration, logger: Logger) {
        self.place = place
        self.configuration = configuration
        self.logger = logger
    }

    /// What the last record gives that gives anything; nil if none does. What open transactions have written does not count.
    ///
    /// - Parameter read: messages in order, from which the last one of use is taken.
    /// - Throws: `KafkaError`; `CancellationError`; what `read` throws.
    func last<Value: Sendable>(_ read: ([KafkaMessage]) throws -> Value?) async throws -> Value? {
        var window = Self.window
        while true {
            // Another consumer each time: it tells the partition's end once.
            let (messages, isAll) = try await last(window)
            if let value = try read(messages) { return value }
            guard !isAll else { return nil }
            (window, _) = window.multipliedReportingOverflow(by: Self.growth)
        }
    }

    private func last(_ count: Int64) async throws -> (messages: [KafkaMessage], isAll: Bool) {
        try await withConsumer { consumer in
            let marks = try await consumer.watermarks(of: place)
            guard marks.high > marks.low else { return ([], true) }
            let start = max(marks.low, marks.high - count)
            return (try await read(from: start, consumer), start == marks.low)
        }
    }

    func withConsumer<Value: Sendable>(_ body: (KafkaConsumer) async throws -> Value) async throws -> Value {
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
        try await consumer.assign([KafkaOffset(topic: place.topic, partition: place.partition, offset: start)])
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
