import Foundation
import Kafka
import Logging
import TestSupport
import Testing

/// A cluster for one test: the mock in a process of its own, or with `KAFKA_TEST_BOOTSTRAP=host:port` a real broker, which nothing is
/// injected into.
final class TestCluster: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Faults can be injected.
    static var isMock: Bool { realBootstrap == nil }
    private static var realBootstrap: String? { ProcessInfo.processInfo.environment["KAFKA_TEST_BOOTSTRAP"] }

    let bootstrap: String
    private let mock: LineProgram?

    init(brokers: Int = 3) async throws {
        if let real = Self.realBootstrap {
            bootstrap = real
            mock = nil
            return
        }
        let mock = try await LineProgram(built: "KafkaMock", arguments: ["\(brokers)"])
        guard let address = mock.greeting.wholeMatch(of: /bootstrap (.+)/)?.1 else { throw Failure(description: "KafkaMock said \(mock.greeting)") }
        self.mock = mock
        bootstrap = String(address)
    }

    /// What a mock of this size needs to be quick in tests.
    func configuration(_ settings: [String: String] = [:]) -> KafkaConfiguration {
        KafkaConfiguration(bootstrap: bootstrap, settings: settings)
    }

    func tell(_ command: String) async throws {
        guard let mock else { throw Failure(description: "a real broker takes no commands") }
        let answer = try await mock.ask(command)
        guard answer == "ok" else { throw Failure(description: "\(command): \(answer)") }
    }

    /// A topic that no other test has.
    func topic(partitions: Int = 1) async throws -> String {
        let name = "test.\(UUID().uuidString.lowercased())"
        if mock != nil {
            try await tell("topic \(name) \(partitions)")
        } else {
            let administration = try KafkaAdministration(configuration: configuration(), logger: .quiet)
            _ = try await administration.createTopics([KafkaTopicSpecification(name: name, partitions: partitions)])[name]?.get()
            await administration.shutdown()
        }
        return name
    }

    func producer(_ settings: [String: String] = [:], transactionalID: String? = nil) throws -> KafkaProducer {
        try KafkaProducer(configuration: configuration(settings), transactionalID: transactionalID, logger: .quiet)
    }

    func consumer(
        _ settings: [String: String] = [:],
        group: String? = nil,
        hooks: KafkaRebalanceHooks = KafkaRebalanceHooks()
    ) throws -> KafkaConsumer {
        let quick = ["session.timeout.ms": "6000", "heartbeat.interval.ms": "300", "fetch.wait.max.ms": "20"]
        return try KafkaConsumer(configuration: configuration(quick.merging(settings) { $1 }), group: group, hooks: hooks, logger: .quiet)
    }

    /// Everything that a topic holds in these partitions, in their order.
    func contents(of topic: String, partitions: [Int32] = [0]) async throws -> [KafkaMessage] {
        let consumer = try consumer()
        var left = 0
        for partition in partitions {
            let ends = try await consumer.watermarks(of: KafkaPartition(topic: topic, partition: partition))
            left += Int(ends.high - ends.low)
        }
        try await consumer.assign(partitions.map { KafkaOffset(topic: topic, partition: $0, offset: KafkaOffset.beginning) })
        var found: [KafkaMessage] = []
        while found.count < left { found += try await consumer.next() }
        await consumer.shutdown()
        return found.sorted { ($0.partition, $0.offset) < ($1.partition, $1.offset) }
    }
}

extension Logger {
    /// Keeps the test's output free of injected faults.
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
