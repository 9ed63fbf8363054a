public import CoreMetrics
public import EventStore
public import Kafka
public import Logging
public import Sealing
public import ServiceLifecycle
public import Timekeeping

/// Takes a territory's topics into a replica: keys first, then batches, each checked to the last hash. Where it goes on is kept in the
/// replica, in the same transaction as what it has taken in; no consumer group is needed.
public struct ReplicaFollower: Service {
    let log: SQLiteEventLog
    let vault: KeyVault?
    let masters: [MasterKey]
    let topics: Topics
    let settings: FollowerSettings
    let tail: TopicTail
    let metrics: FollowerMetrics
    private let configuration: KafkaConfiguration
    private let time: TimeSource
    private let patience: Patience
    private let logger: Logger

    /// - Parameters:
    ///   - log: a replica.
    ///   - vault: where keys go; nil for a copy that is not to be read.
    ///   - masters: master keys besides the one that the vault uses, under which keys may come wrapped.
    ///   - configuration: how to reach the cluster.
    ///   - time: for the lag in metrics.
    ///   - random: uniformly distributed, for pauses.
    ///   - pause: suspends for some milliseconds.
    public init(
        log: SQLiteEventLog,
        vault: KeyVault?,
        masters: [MasterKey] = [],
        topics: Topics,
        configuration: KafkaConfiguration,
        settings: FollowerSettings = FollowerSettings(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) },
        logger: Logger,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        self.log = log
        self.vault = vault
        self.masters = masters
        self.topics = topics
        self.configuration = configuration
        self.settings = settings
        self.time = time
        patience = Patience(settings.backOff, random: random, pause: pause)
        self.logger = logger
        self.metrics = FollowerMetrics(metrics, territory: topics.territory)
        tail = TopicTail(configuration: configuration, topics: topics, identity: log.identity, logger: logger)
    }

    /// Runs until graceful shutdown or cancellation.
    ///
    /// - Throws: ``StreamingError`` `forked`, `missingRecords`, `malformedRecord`, `wrongTerritory`; `EventStoreError` `forked`,
    ///   `missingEvents`, `invalidBatch`, `staleEpoch`, `notAReplica`, `closed`; `SealingError` if a key cannot be taken in: going on would
    ///   not mend these; `KafkaError` `invalidConfiguration`. Other trouble with Kafka or the disk is retried.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await follow(until: nil) }
        } catch is CancellationError {
            // Somebody ended it.
        }
    }

    /// Follows until the copy has all that the topic has now.
    ///
    /// - Returns: the topic's end; nil if there is nothing in it.
    /// - Throws: as ``run()``; `CancellationError`.
    @discardableResult
    public func catchUp() async throws -> TopicEnd? {
        try await patience.untilDone {
            guard let end = try await tail.end() else { return nil }
            try await follow(until: end)
            return end
        } onFailure: { error, failures in
            guard let error = error as? KafkaError else { throw error }
            try note(error, failures)
        }
    }

    private func follow(until end: TopicEnd?) async throws {
        var before: Int64 = 0
        try await patience.untilDone {
            before = try log.head().position
            try await read(until: end)
        } hasProgressed: { _ in
            (try? log.head().position).map { $0 > before } ?? false
        } onFailure: { error, failures in
            switch error {
            case let error as KafkaError:
                guard error.code != .offsetOutOfRange else {
                    throw StreamingError.missing(
                        "The topics no longer have what comes next (\(error.message))",
                        position: try log.head().position + 1
                    )
                }
                try note(error, failures)
            case let error as EventStoreError where error.code == .storageUnavailable || error.code == .diskFull: try note(error, failures)
            default: throw error
            }
        }
    }

    private func read(until end: TopicEnd?) async throws {
        var configuration = configuration
        configuration.settings.merge(FollowerSettings.consumerDefaults) { own, _ in own }
        configuration.settings.merge(FollowerSettings.consumerRequirements) { _, required in required }
        let consumer = try KafkaConsumer(configuration: configuration, logger: logger)
        do {
            var session = try await FollowerSession(self, consumer)
            try await session.run(until: end)
        } catch {
            await consumer.shutdown()
            throw error
        }
        await consumer.shutdown()
    }

    private func note(_ error: any Error, _ failures: Int) throws {
        if let error = error as? KafkaError, error.isLasting { throw error }
        logger.warning("Following the topics failed", metadata: ["error": "\(error)", "failures": "\(failures)"])
        metrics.failures.increment()
    }

    /// Tells the metrics what the copy has now.
    func note(_ taken: [AssembledBatch], _ head: LogHead) {
        metrics.position.record(head.position)
        guard let last = taken.last else { return }
        metrics.batches.increment(by: taken.count)
        metrics.events.increment(by: taken.reduce(0) { $0 + $1.batch.events.count })
        metrics.lag.record(max(0, last.batch.last - head.position))
        guard last.recordedAt > 0 else { return }
        metrics.lagSeconds.record(Double(time.now().milliseconds(since: Instant(millisecondsSinceEpoch: last.recordedAt))) / 1_000)
    }
}
