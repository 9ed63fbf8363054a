public import CoreMetrics
public import EventStore
public import Kafka
public import Logging
public import Sealing
public import ServiceLifecycle
public import Timekeeping

/// Hands a log over to a territory's topics, batch after batch, each in one transaction: first the keys that are new or destroyed, then
/// events, attachments and commands, last the batch's seal. Nothing is left out; a batch comes twice at most where a follower sees that it
/// is the same. Of several relays of one territory the one that came last goes on, the others stop with `fenced`.
///
/// What it keeps is in the topic: it finds its place there whenever it starts.
public struct Relay: Service {
    let log: SQLiteEventLog
    let vault: KeyVault?
    let topics: Topics
    let settings: RelaySettings
    let progress: ReplicationProgress
    let random: @Sendable () -> UInt64
    let pause: @Sendable (Int64) async throws -> Void
    let tail: TopicTail
    let logger: Logger
    let metrics: RelayMetrics
    private let configuration: KafkaConfiguration
    private let time: TimeSource
    private let factory: any MetricsFactory

    /// - Parameters:
    ///   - log: a writer's.
    ///   - vault: the keys under which it is sealed; nil for a log that is not.
    ///   - configuration: how to reach the cluster.
    ///   - progress: told of each batch that the topic has.
    ///   - time: for the lag in metrics.
    ///   - random: uniformly distributed, for names of attempts and pauses.
    ///   - pause: suspends for some milliseconds.
    public init(
        log: SQLiteEventLog,
        vault: KeyVault?,
        topics: Topics,
        configuration: KafkaConfiguration,
        settings: RelaySettings = RelaySettings(),
        progress: ReplicationProgress = ReplicationProgress(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) },
        logger: Logger,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) {
        self.log = log
        self.vault = vault
        self.topics = topics
        self.configuration = configuration
        self.settings = settings
        self.progress = progress
        self.time = time
        self.random = random
        self.pause = pause
        self.logger = logger
        self.metrics = RelayMetrics(metrics, territory: topics.territory)
        factory = metrics
        tail = TopicTail(configuration: configuration, topics: topics, identity: log.identity, logger: logger)
    }

    /// Runs until graceful shutdown or cancellation; a transaction that is under way is ended first.
    ///
    /// - Throws: ``StreamingError`` `replaced` if the topic has a newer writer, `fenced` if another relay took over, `malformedRecord`,
    ///   `wrongTerritory`; `EventStoreError` `checkpointAhead`, `forked`, `corrupted` if the log is not the one that was handed over,
    ///   `closed`; `KafkaError` `invalidConfiguration`. Other trouble with Kafka or the disk is retried, for as long as it takes.
    public func run() async throws {
        do {
            try await cancelWhenGracefulShutdown {
                var session = RelaySession(self)
                do {
                    try await loop(&session)
                } catch {
                    await session.end()
                    throw error
                }
            }
        } catch is CancellationError {
            // Somebody ended it.
        }
    }

    private func loop(_ session: inout RelaySession) async throws {
        guard log.role == .writer else { throw StreamingError(.invalidRequest, "A replica is not handed over: promote it first.") }
        var plan = RelayPlan(epoch: log.epoch)
        while true {
            try Task.checkCancellation()
            let outcome = try await session.perform(plan)
            plan.completed(outcome, epoch: log.epoch)
        }
    }

    func makeProducer() throws -> KafkaProducer {
        var configuration = configuration
        configuration.settings.merge(RelaySettings.producerDefaults) { own, _ in own }
        return try KafkaProducer(
            configuration: configuration,
            transactionalID: topics.transactionalID,
            logger: logger,
            metrics: factory is NOOPMetricsHandler ? nil : factory
        )
    }

    /// Tells who waits, and the metrics, of a batch that the topic has.
    func note(_ batch: LogBatch, _ checkpoint: ReplicationCheckpoint) {
        progress.advance(to: checkpoint, epoch: batch.epoch, commands: batch.commands)
        metrics.events.increment(by: batch.events.count)
        metrics.batches.increment()
        if let head = try? log.head() { metrics.lag.record(max(0, head.position - batch.last)) }
        if let oldest = batch.events.first { metrics.lagSeconds.record(Double(time.now().milliseconds(since: oldest.recordedAt)) / 1_000) }
    }
}
