internal import CRdKafka
public import CoreMetrics
public import Logging
public import ServiceLifecycle

/// Writes records, each exactly once and in the order of one call, acknowledged by all copies in sync (`acks=all`, idempotence).
///
/// One thread waits for delivery reports; a second one, started when it is needed, makes the calls that block. Either ends with
/// ``shutdown(grace:)``, or when the producer is dropped. All functions may be called from any task.
public final class KafkaProducer: Sendable, Service {
    let core: ProducerCore
    let transactions: TransactionRunner
    private let worker: WorkerThread
    private let ending = Promise<Void>()

    /// Connects in the background: that no broker can be reached shows when records are sent.
    /// - Parameters:
    ///   - configuration: settings of librdkafka. Fixed are `acks`, `enable.idempotence` and `transactional.id`;
    ///     `statistics.interval.ms` is 10000 unless set.
    ///   - transactionalID: allows transactions. Who uses it later fences off who used it before.
    ///   - logger: gets librdkafka's log too.
    ///   - metrics: gets gauges from librdkafka's statistics; `nil` keeps none.
    /// - Throws: `invalidConfiguration` with the setting's name.
    public init(
        configuration: KafkaConfiguration,
        transactionalID: String? = nil,
        logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) throws(KafkaError) {
        var required = ["enable.idempotence": "true", "acks": "all"]
        required["transactional.id"] = transactionalID
        let settings = try NativeSettings(
            configuration,
            defaults: ["statistics.interval.ms": metrics == nil ? "0" : "10000", "linger.ms": "5"],
            required: required,
            events: RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_LOG | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS
        )
        let client = try NativeClient(.producer, settings)
        let gauges = metrics.map { StatisticsGauges(client: configuration.clientName, factory: $0) }
        core = ProducerCore(client: client, observer: ClientObserver(logger: logger, statistics: gauges))
        worker = WorkerThread()
        transactions = TransactionRunner(core: core, worker: worker)
        try core.start()
    }

    deinit {
        guard core.beginShutdown() else { return }
        // Nobody waits for a record any more: what is left is given up.
        Self.end(core: core, transactions: transactions, worker: worker, ending: ending, grace: .zero)
    }

    /// Runs until graceful shutdown or cancellation, then shuts the producer down.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }

    /// Sends one record and waits until all copies in sync have it.
    ///
    /// Suspends while the local queue is full.
    /// - Returns: where the record lies.
    /// - Throws: ``KafkaError``; `CancellationError` when the caller is cancelled, and then the record may still be written.
    public func send(_ record: KafkaRecord) async throws -> KafkaOffset {
        guard let result = try await core.deliver([record]).first else { throw KafkaError.shutDown }
        return try result.get()
    }

    /// Sends records and waits for the fate of each: far cheaper than one call each. Suspends while the local queue is full.
    /// - Returns: in the order of `records`, where each lies or why it was not written.
    /// - Throws: `closed`; a fatal error; `CancellationError` when the caller is cancelled, and then records may still be written.
    public func send(_ records: [KafkaRecord]) async throws -> [Result<KafkaOffset, KafkaError>] {
        try await core.deliver(records)
    }

    /// Refuses further records, waits for those on their way, gives up those that are not written in time, and frees all resources.
    /// An open transaction is aborted. Returns when that is done, however often it is called.
    /// - Parameter grace: how long to wait for records on their way.
    public func shutdown(grace: Duration = .seconds(30)) async {
        if core.beginShutdown() {
            Self.end(core: core, transactions: transactions, worker: worker, ending: ending, grace: grace)
        }
        // Not given up when the caller is cancelled: what follows relies on the end.
        await Task { [ending] in _ = try? await ending.value() }.value
    }

    /// In a thread of its own, since the worker may be busy with a call that ends only because of this.
    private static func end(
        core: ProducerCore,
        transactions: TransactionRunner,
        worker: WorkerThread,
        ending: Promise<Void>,
        grace: Duration
    ) {
        let end: @Sendable () -> Void = {
            transactions.abandon()
            _ = core.drain(milliseconds: grace.milliseconds)
            core.end()
            worker.close()
            ending.complete(.success(()))
        }
        if !NativeThread.start(end) { end() }
    }
}

extension KafkaConfiguration {
    /// What to call the client in gauges.
    var clientName: String { settings["client.id"] ?? "rdkafka" }
}
