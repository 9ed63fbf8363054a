import EventStore
import Kafka
import Logging
import Notifications
import Pathways
import Streaming
import Synchronization

/// What a notifier shares with others: which of the territory's people it tells, what it has begun, and how the writer learns what it did.
final class NodeSharing: Sendable {
    let shares: PeopleShares
    let signs = FactSigns()
    private let settings: KafkaSettings
    let topics: Topics
    private let work: SharedWorkPlace
    private let facts: KafkaProducer
    private let logger: Logger

    /// The shares need who keeps their records, who needs the shares.
    private final class SharedWorkPlace: Sendable {
        private let work = Mutex<SharedWork?>(nil)
        var current: SharedWork? { work.withLock { $0 } }
        func set(_ work: SharedWork?) { self.work.withLock { $0 = work } }
    }

    /// - Throws: `KafkaError` `invalidConfiguration`.
    init(_ streaming: NodeStreaming, logger: Logger) throws {
        settings = streaming.settings
        topics = streaming.topics
        self.logger = logger
        var sending = settings.configuration
        sending.settings.merge(["linger.ms": "2", "enable.idempotence": "true", "acks": "all"]) { own, _ in own }
        facts = try KafkaProducer(configuration: sending, logger: logger)
        let place = SharedWorkPlace()
        work = place
        shares = PeopleShares(isFresh: { place.current?.isFresh ?? false }) { share, record in
            guard let work = place.current else { throw SharingTrouble("the shares are not known yet") }
            do {
                try await work.keep(record.message, record.bytes, in: Int32(clamping: share))
            } catch let error as KafkaError {
                throw SharingTrouble(error.message)
            }
        }
    }

    /// Has the writer record a fact.
    func send(_ fact: ToldFact) async throws {
        let record = KafkaRecord(
            topic: topics.facts,
            key: Array(fact.recipient.utf8),
            value: fact.payload,
            headers: [KafkaHeader(FactIntake.typeHeader, text: fact.type)]
        )
        do {
            _ = try await facts.send(record)
        } catch let error as KafkaError {
            throw SharingTrouble(error.message)
        }
    }

    /// Works until it is cancelled.
    func run(_ node: Node) async throws {
        let outbox = node.notifications.outbox
        shares.begin(count: try await partitions())
        // What an earlier run formed and nobody can have is formed anew by whoever holds the share now.
        try outbox.disband { _ in true }
        let tail = TopicTail(configuration: settings.configuration, topics: topics, identity: node.territory, logger: logger)
        let worker = NotifierMember(notifications: node.notifications, shares: shares, tail: tail, logger: logger)
        let work = try SharedWork(
            topic: topics.outbox,
            group: topics.notifierGroup,
            configuration: settings.configuration,
            worker: worker,
            logger: logger
        )
        self.work.set(work)
        defer { self.work.set(nil) }
        try await work.run()
        await facts.shutdown()
    }

    /// Into how many shares the people are divided.
    private func partitions() async throws -> Int {
        let backOff = BackOff(first: 200, longest: 5_000)
        var failures = 0
        while true {
            do {
                let administration = try KafkaAdministration(configuration: settings.configuration, logger: logger)
                let found = await Result { try await administration.topic(topics.outbox).partitions.count }
                await administration.shutdown()
                return try found.get()
            } catch let error as KafkaError {
                failures += 1
                logger.warning("the shares cannot be read yet", metadata: ["topic": "\(topics.outbox)", "reason": "\(error.message)"])
                try await Task.sleep(for: .milliseconds(backOff.pause(afterFailures: failures, chance: .random(in: .min ... .max))))
            }
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
