import Foundation
import Kafka
import Logging
import Streaming
import Synchronization

/// A cluster for one test: librdkafka's mock in a process of its own, or with `RELAIS_KAFKA_BOOTSTRAP=host:port` a real one, which nothing is
/// injected into; `RELAIS_KAFKA_SETTINGS=name=value;…` are settings of librdkafka for it.
///
/// `@unchecked Sendable`: pipes are used with `turn` held; the rest is immutable.
final class MockCluster: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Faults can be injected.
    static var isMock: Bool { realBootstrap == nil }
    private static var realBootstrap: String? { ProcessInfo.processInfo.environment["RELAIS_KAFKA_BOOTSTRAP"] }

    let bootstrap: String
    /// A code that no other test has.
    let territory: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let turn = Mutex(())

    init(brokers: Int = 3) throws {
        territory = "test-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        if let real = Self.realBootstrap {
            bootstrap = real
            return
        }
        let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        process.executableURL = folder.appendingPathComponent("KafkaMock")
        process.arguments = ["\(brokers)"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let words = Self.line(from: output).split(separator: " ")
        guard words.count == 2, words[0] == "bootstrap" else { throw Failure(description: "KafkaMock did not start: \(words)") }
        bootstrap = String(words[1])
    }

    deinit {
        guard Self.isMock else { return }
        try? input.fileHandleForWriting.close()
        process.terminate()
    }

    func tell(_ command: String) throws {
        guard Self.isMock else { throw Failure(description: "A real cluster takes no commands.") }
        let answer = try turn.withLock { _ in
            try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
            return Self.line(from: output)
        }
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
            try tell("topic \(name) \(count)")
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

    private static func line(from pipe: Pipe) -> String {
        var bytes: [UInt8] = []
        while let byte = try? pipe.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
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
