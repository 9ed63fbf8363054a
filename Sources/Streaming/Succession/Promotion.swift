public import EventStore
public import Kafka
public import Logging

/// Makes a replica the territory's writer, when the one before is gone or is to go.
///
/// First it follows to the topic's end; then it takes the transactional id, so that no transaction of the writer before can be committed any
/// more; then it follows once more, since there may have been one in between. What that writer had recorded and not handed over is not
/// here: it sets it aside when it comes back (``Demotion``). Last it announces itself in the topic, and only then the log accepts appends:
/// a run that is killed leaves a replica, and is repeated.
public struct Promotion: Sendable {
    /// What a promotion did.
    public struct Report: Sendable, Hashable {
        /// Of the log, which is a writer's now.
        public var head: LogHead
        /// Where the writer before ended; nil if nothing was ever handed over.
        public var previous: TopicEnd?
    }

    private let follower: ReplicaFollower
    private let configuration: KafkaConfiguration
    private let logger: Logger

    // As the log raises it.
    private static let epochStep: Int64 = 1 << 32
    private static let leafPage = 10_000

    /// - Parameters:
    ///   - follower: of the replica; must not run by itself.
    ///   - configuration: how to reach the cluster.
    public init(of follower: ReplicaFollower, configuration: KafkaConfiguration, logger: Logger) {
        self.follower = follower
        self.configuration = configuration
        self.logger = logger
    }

    /// - Throws: as ``ReplicaFollower/run()``; `KafkaError` if the topic could not be taken over; ``StreamingError`` `fenced` if another
    ///   promotion came in between. The log is a replica then as before.
    public func run() async throws -> Report {
        try await follower.catchUp()
        let producer = try KafkaProducer(
            configuration: relaying(configuration),
            transactionalID: follower.topics.transactionalID,
            logger: logger
        )
        do {
            try await producer.initTransactions()
            let end = try await follower.catchUp()
            try await announce(after: end, producer)
            await producer.shutdown(grace: .seconds(5))
            return Report(head: try await follower.log.promote(), previous: end)
        } catch {
            await producer.shutdown(grace: .seconds(5))
            throw error
        }
    }

    private func announce(after end: TopicEnd?, _ producer: KafkaProducer) async throws {
        let log = follower.log
        let known = max(log.epoch, end?.epoch ?? 0)
        let writer = WriterAnnouncement(
            epoch: (known / Self.epochStep + 1) * Self.epochStep,
            checkpoint: try checkpoint(of: log),
            previousEpoch: end?.epoch,
            previousCheckpoint: end?.checkpoint,
            previousAt: end?.writerAt
        )
        let records = RelayRecords(topics: follower.topics, identity: log.identity)
        let failure = try await RelayTransaction(producer).run { _ = try await $0.send(records.record(of: writer)) }
        switch failure {
        case nil: return
        case .fenced?: throw StreamingError.fencedOff
        default: throw KafkaError(.transactionFailed, "The announcement of the new writer may not have been written: promote again.")
        }
    }

    /// The log's end by its own numbering of commands, and its tree.
    private func checkpoint(of log: SQLiteEventLog) throws -> ReplicationCheckpoint {
        let cursor = try log.replicationEnd()
        var frontier = MerkleFrontier()
        while frontier.size < cursor.position {
            let page = try log.leafHashes(after: frontier.size, limit: Int(clamping: min(Int64(Self.leafPage), cursor.position - frontier.size)))
            guard !page.isEmpty else { throw EventStoreError(.corrupted, "There is no leaf hash at position \(frontier.size + 1): run verify.") }
            for leaf in page { frontier.append(leaf) }
        }
        guard let checkpoint = ReplicationCheckpoint(cursor: cursor, frontier: frontier) else {
            throw EventStoreError(.corrupted, "The log's end is not where its leaves end: run verify.")
        }
        return checkpoint
    }

    private func relaying(_ configuration: KafkaConfiguration) -> KafkaConfiguration {
        var configuration = configuration
        configuration.settings.merge(RelaySettings.producerDefaults) { own, _ in own }
        return configuration
    }
}
