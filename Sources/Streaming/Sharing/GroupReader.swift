import EventStore
public import Kafka
public import Logging
public import ServiceLifecycle

/// Reads a topic as the one member of a group that works, and commits what was worked on: after a crash, from there on again.
public struct GroupReader: Service {
    private static let pageLimit = 500

    private let topic: String
    private let group: String
    private let configuration: KafkaConfiguration
    private let logger: Logger
    private let work: @Sendable ([KafkaMessage]) async throws -> Void
    private let patience = Patience(BackOff(first: 100, longest: 10_000))

    /// - Parameter work: is done with all of these when it returns; where it throws they come again.
    public init(
        topic: String,
        group: String,
        configuration: KafkaConfiguration,
        logger: Logger,
        work: @escaping @Sendable ([KafkaMessage]) async throws -> Void
    ) {
        self.topic = topic
        self.group = group
        self.configuration = configuration
        self.logger = logger
        self.work = work
    }

    /// Runs until graceful shutdown or cancellation. Trouble is told and tried again.
    ///
    /// - Throws: `KafkaError` for what trying again would not mend.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await read() }
        } catch is CancellationError {
            // Somebody ended it.
        }
    }

    private func read() async throws {
        try await patience.untilDone(session) { error, failures in
            if let error = error as? KafkaError, error.isLasting { throw error }
            note(error, failures)
        }
    }

    private func note(_ error: any Error, _ failures: Int) {
        logger.warning("A topic could not be worked on", metadata: ["topic": "\(topic)", "error": "\(error)", "failures": "\(failures)"])
    }

    private func session() async throws {
        var settings = configuration
        settings.settings.merge(SharedWork.consumerDefaults) { own, _ in own }
        settings.settings.merge(["isolation.level": "read_committed", "auto.offset.reset": "earliest"]) { _, required in required }
        let consumer = try KafkaConsumer(configuration: settings, group: group, logger: logger)
        do {
            try await consumer.subscribe([topic])
            while true {
                let messages = try await consumer.next(limit: Self.pageLimit)
                // In place: who leaves the group and comes back makes it wait.
                try await patience.untilDone {
                    try await work(messages)
                } onFailure: {
                    note($0, $1)
                }
                var next: [KafkaPartition: KafkaOffset] = [:]
                for message in messages {
                    let place = KafkaPartition(topic: message.topic, partition: message.partition)
                    next[place] = KafkaOffset(topic: message.topic, partition: message.partition, offset: message.offset).next
                }
                do {
                    try await consumer.commit(Array(next.values))
                } catch let error as KafkaError where error.code == .notAMember || error.code == .rebalancing {
                    // Somebody else reads these again, to the same effect.
                    logger.info("What was worked on was given to somebody else", metadata: ["topic": "\(topic)"])
                }
            }
        } catch {
            await consumer.shutdown(grace: .seconds(2))
            throw error
        }
    }
}
