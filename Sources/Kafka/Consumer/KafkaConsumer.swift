internal import CRdKafka
public import CoreMetrics
public import Logging
public import ServiceLifecycle

/// Reads topics, as a member of a group (``subscribe(_:)``) or on its own (``assign(_:)``).
///
/// Nothing is committed unless ``commit(_:)`` is called. One thread fetches ahead, up to 4000 messages or 16 MiB beside librdkafka's own
/// queue; when nobody takes them it tells the brokers to hold theirs and goes on serving the group. It ends with ``shutdown()``, or when the
/// consumer is dropped. All functions may be called from any task.
public final class KafkaConsumer: Sendable, Service {
    private let core: ConsumerCore
    private let worker = WorkerThread()
    private let ending = Promise<Void>()
    private let hasGroup: Bool

    /// What happens beside messages, for one listener; of those that nobody takes the newest 1024 are kept. Ends with the consumer.
    public var events: AsyncStream<KafkaConsumerEvent> { core.events }

    /// Connects in the background: that no broker can be reached shows as an event.
    /// - Parameters:
    ///   - configuration: settings of librdkafka. Fixed are `group.id`, `enable.auto.commit`, `enable.auto.offset.store` and
    ///     `enable.partition.eof`; unless set, `auto.offset.reset` is `earliest`, `socket.timeout.ms` 10000 (a question to brokers that are away, which a
    ///     shutdown waits for, lasts a few times as long) and `statistics.interval.ms` 10000. A follower that must
    ///     notice what is missing sets `auto.offset.reset` to `error`.
    ///   - group: needed to subscribe and to commit.
    ///   - hooks: called while the group shares out its partitions.
    ///   - logger: gets librdkafka's log too.
    ///   - metrics: gets gauges from librdkafka's statistics; `nil` keeps none.
    /// - Throws: `invalidConfiguration` with the setting's name.
    public init(
        configuration: KafkaConfiguration,
        group: String? = nil,
        hooks: KafkaRebalanceHooks = KafkaRebalanceHooks(),
        logger: Logger,
        metrics: (any MetricsFactory)? = nil
    ) throws(KafkaError) {
        let settings = try NativeSettings(
            configuration,
            defaults: ["statistics.interval.ms": metrics == nil ? "0" : "10000", "auto.offset.reset": "earliest", "socket.timeout.ms": "10000"],
            required: [
                // librdkafka reads nothing without a group's name, even where no group is joined.
                "group.id": group ?? "no-group",
                "enable.auto.commit": "false",
                "enable.auto.offset.store": "false",
                "enable.partition.eof": "true",
            ],
            events: RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_LOG
                | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS
        )
        let core = ConsumerCore(client: try NativeClient(.consumer, settings))
        let gauges = metrics.map { StatisticsGauges(client: configuration.clientName, factory: $0) }
        let loop = ConsumerLoop(core: core, hooks: hooks, observer: ClientObserver(logger: logger, statistics: gauges), ending: ending)
        self.core = core
        hasGroup = group != nil
        guard NativeThread.start({ loop.run() }) else {
            core.client.destroy()
            throw KafkaError(.other, "The system gave no thread for a Kafka consumer. Raise its limits.", isRetriable: true)
        }
    }

    deinit {
        _ = core.beginShutdown(grace: .seconds(10))
        worker.close()
    }

    /// Runs until graceful shutdown or cancellation, then leaves the group and shuts the consumer down.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }

    /// Joins the group and reads its share of the topics; a name that begins with `^` is a pattern. Replaces an earlier subscription.
    /// - Throws: `invalidRequest` without a group or topics. A topic that does not exist is told by ``next(limit:)``.
    public func subscribe(_ topics: [String]) async throws {
        try requireGroup("subscribe")
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in
            try loop.subscribe(topics)
            promise.complete(.success(()))
        }
    }

    /// Reads these partitions, and no others, from these places on, outside of any sharing out.
    public func assign(_ offsets: [KafkaOffset]) async throws {
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in
            try loop.assign(offsets)
            promise.complete(.success(()))
        }
    }

    /// The next messages: at least one, waited for when there is none; those of one partition in order.
    ///
    /// A cancelled call takes no message away. Several callers may wait; each message goes to one of them.
    /// - Parameter limit: how many at most.
    /// - Throws: `closed`; a fatal error; what keeps a partition from being read (told once, the others go on); `CancellationError`.
    public func next(limit: Int = 1000) async throws -> [KafkaMessage] {
        try await core.next(limit: limit)
    }

    /// Commits the next message to read of each partition, and waits until the group has it.
    /// - Throws: `notAMember` when the group has moved on; `invalidRequest` without a group; others of ``KafkaError``; `CancellationError`.
    public func commit(_ offsets: [KafkaOffset]) async throws {
        try requireGroup("commit")
        guard !offsets.isEmpty else { return }
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in try loop.commit(offsets, promise) }
    }

    /// The next message to read as the group has committed it; partitions without are left out.
    public func committed(_ partitions: [KafkaPartition]) async throws -> [KafkaPartition: Int64] {
        try requireGroup("look up what was committed")
        guard !partitions.isEmpty else { return [:] }
        return try await query { client throws(KafkaError) in try ClusterQueries.committed(partitions, client) }
    }

    /// Where a partition begins and ends now.
    public func watermarks(of partition: KafkaPartition) async throws -> KafkaWatermarks {
        try await query { client throws(KafkaError) in try ClusterQueries.watermarks(of: partition, client) }
    }

    /// A topic and its partitions.
    /// - Throws: `unknownTopic`.
    public func topic(_ name: String) async throws -> KafkaTopic {
        let found = try await query { client throws(KafkaError) in try ClusterQueries.topics(name, of: client) }
        guard let topic = found.first else { throw KafkaError(.unknownTopic, "Topic \(name) does not exist. Create it.") }
        return topic
    }

    /// Goes on reading assigned partitions elsewhere; what was fetched before is dropped.
    public func seek(to offsets: [KafkaOffset]) async throws {
        guard !offsets.isEmpty else { return }
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in
            try loop.seek(to: offsets)
            promise.complete(.success(()))
        }
    }

    /// Hands out nothing more of assigned partitions until ``resume(_:)``. Nothing is lost.
    public func pause(_ partitions: [KafkaPartition]) async throws {
        guard !partitions.isEmpty else { return }
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in
            try loop.pause(partitions)
            promise.complete(.success(()))
        }
    }

    public func resume(_ partitions: [KafkaPartition]) async throws {
        guard !partitions.isEmpty else { return }
        try await core.ask { (loop, promise: Promise<Void>) throws(KafkaError) in
            try loop.resume(partitions)
            promise.complete(.success(()))
        }
    }

    /// The partitions that are ours now.
    public func assignment() async throws -> [KafkaPartition] {
        try await core.ask { loop, promise in promise.complete(.success(loop.assigned.sorted())) }
    }

    /// For ``KafkaProducer/sendOffsets(_:as:)``.
    public func membership() async throws -> KafkaGroupMembership {
        try requireGroup("commit in a transaction")
        return try await query { client throws(KafkaError) in try ClusterQueries.membership(client) }
    }

    /// Gives partitions back (the hook is called), leaves the group and frees all resources. Returns when that is done, however often it
    /// is called. Hooks, and questions to the cluster that are under way, are waited for.
    /// - Parameter grace: how long the brokers may take to answer; after it the group finds out by itself that we are gone.
    public func shutdown(grace: Duration = .seconds(10)) async {
        _ = core.beginShutdown(grace: grace)
        worker.close()
        // Not given up when the caller is cancelled: what follows relies on the end.
        await Task { [ending] in _ = try? await ending.value() }.value
    }

    private func requireGroup(_ what: String) throws(KafkaError) {
        guard !hasGroup else { return }
        throw KafkaError(.invalidRequest, "A Kafka consumer without a group cannot \(what). Give it a group.")
    }

    private func query<Value: Sendable>(
        _ body: @escaping @Sendable (OpaquePointer) throws(KafkaError) -> Value
    ) async throws -> Value {
        try await worker.call { [core] _ in try core.client.use(body) }
    }
}
