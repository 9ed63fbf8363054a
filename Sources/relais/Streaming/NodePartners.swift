import Coordination
import EventStore
import Kafka
import Logging
import Pathways
import ServiceLifecycle
import Streaming
import Timekeeping
import Web

/// What partners of a territory are told, and may ask for, through Kafka. Nothing of it is there unless the policy names somebody.
final class NodePartners: Sendable {
    private struct Feed: Sendable {
        let id: String
        let feed: PartnerFeed
        let status: PartnerStatus
    }

    private let feeds: [Feed]
    private let rights: [PartnerRights]
    private let intakeStatus = PartnerStatus()
    private let streaming: NodeStreaming
    private let log: ReplicatedReader
    private let settle: @Sendable () async throws -> Void
    private let logger: Logger

    /// How often, and how patiently, a command is tried again that could not be recorded here; then it is answered so.
    private static let tries = 20
    private static let patience = BackOff(first: 100, longest: 5_000)

    /// - Returns: nil if the policy names nobody in this territory.
    /// - Throws: `StreamingError` for an id that cannot be in a topic's name.
    init?(_ streaming: NodeStreaming, log: SQLiteEventLog, coordinator: Coordinator, table: NewsTable, logger: Logger) throws {
        let book = streaming.settings.partners
        let partners = book.policy.partners(of: streaming.topics.territory)
        guard !partners.isEmpty else { return nil }
        // Whatever is acknowledged when: what the brokers do not have may still be taken back, what stands in a partner's topic may not.
        settle = { [progress = streaming.progress] in try await progress.wait(through: try log.replicationEnd()) }
        let log = ReplicatedReader(log, progress: streaming.progress)
        let teller = PartnerTeller(coordinator: coordinator, table: table, logger: logger)
        feeds = try partners.filter { !$0.feed.isEmpty }.map { partner in
            let status = PartnerStatus()
            let feed = try PartnerFeed(
                partner: partner.id,
                topics: streaming.topics,
                log: log,
                configuration: streaming.settings.configuration,
                status: status,
                time: coordinator.time,
                logger: logger
            ) { event in
                try teller.documents(of: event, for: partner)
            }
            return Feed(id: partner.id, feed: feed, status: status)
        }
        rights = book.rights(in: streaming.topics.territory)
        self.streaming = streaming
        self.log = log
        self.logger = logger
    }

    /// One a partner, and the intake: none holds up another.
    ///
    /// - Parameter services: what the API of the territory stands on.
    func services(_ services: WebServices, duty: NodeDuty) throws -> [any Service] {
        var all: [any Service] = feeds.map { feed in
            PartnerService(name: "partner \(feed.id)", priority: .utility, duty: duty, logger: logger) { try await feed.feed.run() }
        }
        guard !rights.isEmpty else { return all }
        let gate = try PartnerGate(rights, services: services, logger: logger)
        let answers = AnswerRecord(topics: streaming.topics)
        let intake = PartnerIntake(
            topics: streaming.topics,
            configuration: streaming.settings.configuration,
            status: intakeStatus,
            time: services.time,
            logger: logger,
            settle: settle
        ) { message in
            let record = PartnerRecord(message, answers)
            var answer = await gate.answer(record)
            for failures in 1...Self.tries where answer.isUnavailable {
                try await Task.sleep(for: .milliseconds(Self.patience.pause(afterFailures: failures, chance: .random(in: .min ... .max))))
                answer = await gate.answer(record)
            }
            return IntakeAnswer(answer)
        }
        all.append(PartnerService(name: "partners' intake", duty: duty, logger: logger) { try await intake.run() })
        return all
    }

    // MARK: - How they fare

    /// Trouble with one partner's topic is told here and makes nobody else wait: the node stays ready.
    func checks() throws -> [Readiness.Check] {
        let head = try log.head().position
        var checks = feeds.map { feed in
            let report = feed.status.report
            return Readiness.Check(
                name: "kafka-partner:\(feed.id)",
                isReady: true,
                lag: max(0, head - (report.position ?? 0)),
                detail: report.trouble.map { "not written since \($0.since.rfc3339): \($0.reason)" }
            )
        }
        if !rights.isEmpty {
            let trouble = intakeStatus.report.trouble.map { "not read since \($0.since.rfc3339): \($0.reason)" }
            checks.append(Readiness.Check(name: "kafka-intake", isReady: true, detail: trouble))
        }
        return checks
    }

    /// For `/metrics`.
    var families: [MetricFamily] {
        let reports = feeds.map { ([("partner", $0.id)], $0.status.report) }
        let intake = intakeStatus.report
        return [
            MetricFamily("relais_partner_items_total", .counter, "News written to partners' topics.", reports.map { .init($0.0, $0.1.count) }),
            MetricFamily(
                "relais_partner_failures_total",
                .counter,
                "Failures to write a partner's topic.",
                reports.map { .init($0.0, $0.1.failures) }
            ),
            MetricFamily(
                "relais_partner_position",
                .gauge,
                "Position of the log through which a partner's topic was written.",
                reports.map { .init($0.0, $0.1.position ?? 0) }
            ),
            MetricFamily("relais_partner_intake_total", .counter, "Commands of partners that were answered.", [.init([], intake.count)]),
            MetricFamily("relais_partner_intake_failures_total", .counter, "Failures to read or answer them.", [.init([], intake.failures)]),
        ]
    }
}

extension Node {
    /// What speaks with partners, in a server only.
    func partnerServices() throws -> [any Service] {
        guard let partners else { return [] }
        return try partners.services(webServices(), duty: duty)
    }
}
