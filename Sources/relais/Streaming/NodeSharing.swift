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

    private static let grace = Duration.seconds(3)

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
        sending.settings.merge(SharedWork.producerDefaults) { own, _ in own }
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
    ///
    /// - Throws: `KafkaError`, `StreamingError` for what trying again would not mend: nobody would be told by a node that went on.
    func run(_ node: Node) async throws {
        try await withTaskCancellationHandler {
            defer { work.set(nil) }
            try await share(node)
        } onCancel: { [signs] in
            // What is in the air comes to its end; the log may not show it in time.
            Task {
                try? await Task.sleep(for: Self.grace)
                signs.giveUp()
            }
        }
        await facts.shutdown(grace: .seconds(1))
    }

    private func share(_ node: Node) async throws {
        let outbox = node.notifications.outbox
        shares.begin(count: try await Patience.untilDone(topics.outbox, logger) { try await partitions() })
        // What an earlier run formed and nobody can have is formed anew by whoever holds the share now.
        try await Patience.untilDone("the outbox", logger) { try outbox.disband { _ in true } }
        let tail = TopicTail(configuration: settings.configuration, topics: topics, identity: node.territory, logger: logger)
        let worker = NotifierMember(notifications: node.notifications, sharing: self, tail: tail, logger: logger)
        // Not before its copy is there: whoever has a share and must wait for years of log tells nobody meanwhile.
        try await Patience.untilDone(topics.log, logger) { try await worker.catchUp() }
        let work = try SharedWork(
            topic: topics.outbox,
            group: topics.notifierGroup,
            configuration: settings.configuration,
            worker: worker,
            logger: logger
        )
        self.work.set(work)
        try await work.run()
    }

    /// A request was heard.
    func forget(_ request: String, in share: Int32) async { try? await work.current?.keep(request, nil, in: share) }

    /// Into how many shares the people are divided.
    private func partitions() async throws -> Int {
        let administration = try KafkaAdministration(configuration: settings.configuration, logger: logger)
        let found = await Result { try await administration.topic(topics.outbox).partitions.count }
        await administration.shutdown()
        return try found.get()
    }
}
