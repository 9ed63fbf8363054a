import EventStore
public import Kafka
public import Logging
import Synchronization

/// One of several nodes that share a work. Each partition of a compacted topic is a share, which a consumer group gives to one node at a time;
/// what is in the partition is what is begun and not ended of it.
///
/// A share is taken over in this order: all of its partition is read, then ``Worker/restore(_:)`` goes through what is left, then it is
/// ``Worker/grant(_:)``ed. It is given up when ``Worker/release(_:)`` has returned. So what a node keeps with ``keep(_:)`` before it acts is known to
/// whoever comes after it.
public final class SharedWork: Sendable {
    /// Who does the work.
    public protocol Worker: Sendable {
        /// Takes in what others left of shares, before they are this node's.
        ///
        /// - Parameter left: of each share the newest record of each key that has a value, the oldest first.
        /// - Throws: it is tried again, as long as the shares are to be taken over.
        func restore(_ left: [Int32: [KafkaMessage]]) async throws

        /// From now on the share is this node's.
        func grant(_ share: Int32)

        /// Somebody else asks for something in a share that is this node's: a record with the header ``SharedWork/requestHeader``.
        func hear(_ request: KafkaMessage) async

        /// Nothing more of these shares is begun; returns when what was begun has come to an end.
        func release(_ shares: Set<Int32>) async
    }

    /// Marks a record that was not kept by whoever holds the share.
    public static let requestHeader = "relais_request"

    /// Settings of librdkafka that hold where the configuration says nothing: who is gone is missed soon.
    ///
    /// Each rebalance moves all shares. `cooperative-sticky` would move fewer, but its assignor in librdkafka 2.0.2 ends the process by an assertion
    /// (`rd_kafka_sticky_assignor_state_destroy`) when a consumer is closed that the group had given up.
    static let consumerDefaults = [
        "partition.assignment.strategy": "range", "session.timeout.ms": "10000", "heartbeat.interval.ms": "1000",
        "fetch.wait.max.ms": "50", "fetch.error.backoff.ms": "50",
    ]
    /// Who cannot keep something soon has lost its shares by the time when it could.
    public static let producerDefaults = ["linger.ms": "2", "enable.idempotence": "true", "acks": "all", "message.timeout.ms": "5000"]
    /// No record is passed over: each may be the only one of a message.
    private static let consumerRequirements = ["isolation.level": "read_committed", "auto.offset.reset": "earliest"]
    private static let grace = Duration.seconds(1)
    private static let tick = Duration.milliseconds(250)

    let topic: String
    let worker: any Worker
    let logger: Logger
    private let group: String
    private let configuration: KafkaConfiguration
    private let producer: KafkaProducer
    /// Half of the time after which the group gives a silent node's shares to others.
    private let longestGap: Duration
    private let lastTick = Mutex<ContinuousClock.Instant?>(nil)
    let patience = Patience(BackOff(first: 100, longest: 10_000))

    /// Connects in the background.
    ///
    /// - Throws: `KafkaError` `invalidConfiguration`.
    public init(topic: String, group: String, configuration: KafkaConfiguration, worker: any Worker, logger: Logger) throws(KafkaError) {
        self.topic = topic
        self.group = group
        var settings = configuration
        settings.settings.merge(Self.consumerDefaults) { own, _ in own }
        settings.settings.merge(Self.consumerRequirements) { _, required in required }
        self.configuration = settings
        longestGap = .milliseconds((settings.settings["session.timeout.ms"].flatMap { Int64($0) } ?? 10_000) / 2)
        self.worker = worker
        self.logger = logger
        var sending = configuration
        sending.settings.merge(Self.producerDefaults) { own, _ in own }
        producer = try KafkaProducer(configuration: sending, logger: logger)
    }

    /// Whether this node has been awake all the time: what it believes to hold may be another's if it was not.
    public var isFresh: Bool { lastTick.withLock { $0.map { .now - $0 < longestGap } ?? false } }

    /// Keeps a record of a share for all nodes; without a value, that nothing is left under its key.
    ///
    /// - Throws: `KafkaError`; what it threw for may be kept all the same.
    public func keep(_ key: String, _ value: [UInt8]?, in share: Int32) async throws {
        _ = try await producer.send(KafkaRecord(topic: topic, partition: share, key: Array(key.utf8), value: value, headers: []))
    }

    /// Works until it is cancelled. Trouble with the brokers is told and tried again; everything is given up meanwhile.
    ///
    /// - Throws: for what trying again would not mend: `KafkaError`; ``StreamingError`` `topicSettings`, if a worker says so.
    public func run() async throws {
        do {
            while !Task.isCancelled {
                try await patience.untilDone(session) { error, failures in
                    if let error = error as? KafkaError, error.isLasting { throw error }
                    if let error = error as? StreamingError, error.code == .topicSettings { throw error }
                    logger.warning("Sharing the work failed", metadata: ["topic": "\(topic)", "error": "\(error)", "failures": "\(failures)"])
                }
            }
        } catch is CancellationError {
            // Somebody ended it.
        } catch {
            await producer.shutdown(grace: Self.grace)
            throw error
        }
        await producer.shutdown(grace: Self.grace)
    }

    private func session() async throws {
        let shares = ShareReading(self)
        let hooks = KafkaRebalanceHooks(
            onAssign: { partitions in
                await shares.expect(partitions)
                return partitions.map { KafkaOffset(topic: $0.topic, partition: $0.partition, offset: KafkaOffset.beginning) }
            },
            onRevoke: { revocation in await shares.giveUp(Set(revocation.partitions.map(\.partition))) }
        )
        let consumer = try KafkaConsumer(configuration: configuration, group: group, hooks: hooks, logger: logger)
        lastTick.withLock { $0 = .now }
        do {
            try await consumer.subscribe([topic])
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await self.stayAwake() }
                tasks.addTask { for await case .assigned(let partitions) in consumer.events { try await shares.begin(partitions, consumer) } }
                tasks.addTask { while true { try await shares.take(try await consumer.next()) } }
                try await tasks.next()
                tasks.cancelAll()
            }
        } catch {
            // The hook is called for what is held.
            await consumer.shutdown(grace: .seconds(2))
            await shares.giveUpAll()
            throw error
        }
        await consumer.shutdown(grace: .seconds(2))
        await shares.giveUpAll()
    }

    /// Notices that the process was stopped for so long that others may have its shares.
    private func stayAwake() async throws {
        while true {
            try await Task.sleep(for: Self.tick)
            let gap = lastTick.withLock { last -> Duration in
                let gap = last.map { .now - $0 } ?? .zero
                if gap < longestGap { last = .now }
                return gap
            }
            guard gap < longestGap else {
                throw StreamingError(.stalled, "This process did not run for \(gap): others may do its share of \(topic).")
            }
        }
    }
}
