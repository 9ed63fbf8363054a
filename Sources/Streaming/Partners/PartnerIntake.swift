import EventStore
public import Kafka
public import Logging
public import Timekeeping

/// Takes in what partners send: each record is worked on once those before it in its partition are, and its answer counts together with the
/// place behind it, in one transaction. A record comes again after a crash: whoever works on it recognises it by its key, and answers the same.
public struct PartnerIntake: Sendable {
    let topics: Topics
    let settings: PartnerSettings
    let status: PartnerStatus
    let line: PartnerLine
    let answer: @Sendable (KafkaMessage) async throws -> IntakeAnswer
    let settle: @Sendable () async throws -> Void
    let ownTopics: OwnTopics

    /// - Parameters:
    ///   - configuration: how to reach the cluster.
    ///   - status: hears how it fares.
    ///   - random: uniformly distributed, for pauses.
    ///   - pause: suspends for some milliseconds.
    ///   - settle: suspends until nothing can take back what was done so far: an answer in a topic stands for ever.
    ///   - answer: works on a record, whatever its bytes, and answers once the effect is durable. Throws `CancellationError` only.
    public init(
        topics: Topics,
        configuration: KafkaConfiguration,
        settings: PartnerSettings = PartnerSettings(),
        status: PartnerStatus = PartnerStatus(),
        time: TimeSource = .system,
        random: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) },
        pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) },
        logger: Logger,
        settle: @escaping @Sendable () async throws -> Void = {},
        answer: @escaping @Sendable (KafkaMessage) async throws -> IntakeAnswer
    ) {
        self.topics = topics
        self.settings = settings
        self.status = status
        self.settle = settle
        line = PartnerLine(
            configuration: configuration,
            transactionalID: topics.intakeTransactionalID,
            settings: settings,
            status: status,
            time: time,
            random: random,
            pause: pause,
            logger: logger
        )
        ownTopics = OwnTopics(time: time)
        self.answer = answer
    }

    /// Runs until cancellation. Trouble with Kafka is retried for as long as it takes.
    ///
    /// - Throws: `CancellationError`; ``StreamingError`` `fenced` if another writer of the territory took over.
    public func run() async throws {
        try await line.run("partners' commands could not be taken in or answered") { PartnerIntakeSession(self) }
    }

    /// Reads in the group's name without sharing out: there is one writer, and the transactional id fences off the one before.
    func makeConsumer() throws -> KafkaConsumer {
        var configuration = line.configuration
        configuration.settings["isolation.level"] = "read_committed"
        configuration.settings["auto.offset.reset"] = "earliest"
        configuration.settings.merge(["fetch.wait.max.ms": "50"]) { own, _ in own }
        return try KafkaConsumer(configuration: configuration, group: topics.intakeGroup, logger: line.logger)
    }
}
