import Foundation
import Kafka
import Logging
import Streaming
import TestSupport

/// A cluster for one test: librdkafka's mock in a process of its own, or with `RELAIS_KAFKA_BOOTSTRAP=host:port` a real one, which nothing is
/// injected into; `RELAIS_KAFKA_SETTINGS=name=value;…` are settings of librdkafka for it.
final class MockCluster: Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Faults can be injected.
    static var isMock: Bool { realBootstrap == nil }
    private static var realBootstrap: String? { ProcessInfo.processInfo.environment["RELAIS_KAFKA_BOOTSTRAP"] }

    let bootstrap: String
    /// A code that no other test has.
    let territory: String
    private let mock: LineProgram?

    init(brokers: Int = 3) async throws {
        territory = "test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
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

    func tell(_ command: String) async throws {
        guard let mock else { throw Failure(description: "A real cluster takes no commands.") }
        let answer = try await mock.ask(command)
        guard answer == "ok" else { throw Failure(description: "\(command): \(answer)") }
    }

    /// The territory's topics.
    func create(_ topics: Topics, partitions: Int = 4) async throws {
        guard Self.isMock else {
            let administration = try KafkaAdministration(configuration: configuration, logger: .quiet)
            let plan = TopicPlan(eventPartitions: partitions, intakePartitions: 1, replication: 1, minimumInSync: 1)
            let report = try await TopicKeeper(topics: topics, plan: plan, administration: administration).create()
            await administration.shutdown()
            guard report.isSound else { throw Failure(description: "\(report.findings)") }
            return
        }
        for (name, count) in [(topics.events, partitions), (topics.log, 1), (topics.keys, 1), (topics.outbox, 12), (topics.facts, 3)] {
            try await tell("topic \(name) \(count)")
        }
    }

    /// What a mock needs to be quick in tests.
    var configuration: KafkaConfiguration {
        var settings = [
            "session.timeout.ms": "3000", "heartbeat.interval.ms": "500", "reconnect.backoff.ms": "50", "reconnect.backoff.max.ms": "500",
        ]
        for setting in (ProcessInfo.processInfo.environment["RELAIS_KAFKA_SETTINGS"] ?? "").split(separator: ";") {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { settings[parts[0]] = parts[1] }
        }
        return KafkaConfiguration(bootstrap: bootstrap, settings: settings)
    }
}

extension Logger {
    /// Keeps the test's output free of injected faults.
    static var quiet: Logger {
        let isLoud = ProcessInfo.processInfo.environment["RELAIS_TEST_LOG"] != nil
        return Logger(label: "test") { label in
            if isLoud { return StreamLogHandler.standardError(label: label) }
            return SwiftLogNoOpLogHandler()
        }
    }
}
