public import EventStore
public import Kafka
public import Logging
public import Timekeeping

/// Tells one partner what the log says that is for it, in the topic of its own, each event's share in the order of the log. What it keeps is in
/// that topic: it finds its place at the end of it whenever it starts, so that nothing is left out, and what comes twice has the same id.
///
/// Its trouble is its own: whatever is wrong with its topic or its events, others go on.
public struct PartnerFeed: Sendable {
    let topic: String
    let topics: Topics
    let log: any EventReader
    let settings: PartnerSettings
    let status: PartnerStatus
    let line: PartnerLine
    let documents: @Sendable (RecordedEvent) throws -> [PartnerDocument]
    private let partner: String

    /// - Parameters:
    ///   - partner: its id.
    ///   - log: as far as it may be told: what the brokers have.
    ///   - configuration: how to reach the cluster.
    ///   - status: hears how it fares.
    ///   - random: uniformly distributed, for pauses.
    ///   - pause: suspends for some milliseconds.
    ///   - documents: what an event gives this partner. The same event gives the same; an event whose content was erased nothing.
    /// - Throws: ``StreamingError`` `invalidRequest` for an id that cannot be in a name.
    public init(
        partner: String,
        topics: Topics,
        log: any EventReader,
        configuration: KafkaConfiguration,
        settings: PartnerSettings = PartnerSettings(),
        status: PartnerStatus = PartnerStatus(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) },
        logger: Logger,
        documents: @escaping @Sendable (RecordedEvent) throws -> [PartnerDocument]
    ) throws(StreamingError) {
        topic = try topics.partner(partner)
        self.partner = partner
        self.topics = topics
        self.log = log
        self.settings = settings
        self.status = status
        self.documents = documents
        line = PartnerLine(
            configuration: configuration,
            transactionalID: topic,
            settings: settings,
            status: status,
            time: time,
            random: random,
            pause: pause,
            logger: logger
        )
    }

    /// Runs until cancellation. Trouble with Kafka, the log or the documents is retried for as long as it takes.
    ///
    /// - Throws: `CancellationError`; ``StreamingError`` `fenced` if another writer of the territory took over.
    public func run() async throws {
        try await line.run("a partner's topic could not be written", ["partner": "\(partner)"]) { PartnerFeedSession(self) }
    }

    /// After which position to go on: where the topic ends; without an end there, what would still be kept.
    func resume() async throws -> Int64 {
        let tail = PartitionTail(of: KafkaPartition(topic: topic, partition: 0), configuration: line.configuration, logger: line.logger)
        let end = try await tail.last { messages in messages.reversed().lazy.compactMap(PartnerRecords.end).first }
        if let position = try end?.resume(in: log) { return position }
        if let end {
            line.logger.error(
                "the log has another event where a partner's topic ends: what would still be kept is told again, under the same ids",
                metadata: ["partner": "\(partner)", "position": "\(end.position)"]
            )
        }
        return try last(recordedBefore: line.time.now().adding(milliseconds: -settings.keeping))
    }

    /// The last position that was recorded before an instant, by bisection: recorded times do not go back.
    private func last(recordedBefore instant: Instant) throws -> Int64 {
        var low: Int64 = 0
        var high = try log.head().position
        while low < high {
            let middle = low + (high - low + 1) / 2
            if let event = try log.read(after: middle - 1, limit: 1).first, event.recordedAt < instant {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return low
    }
}
