import Coordination
import Crypto
import EventStore
import Foundation
import GRDB
import Notifications
import Pathways
import Synchronization
import TestSupport
import Timekeeping

/// A small territory with its planner and its notifier, on a log in memory.
struct Practice {
    static let start = at("2026-11-16T14:00:00+01:00")
    static let streams = StreamNames(
        naming: StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))),
        territory: "test-territory"
    )
    static let (doctor, nurse, pharmacist) = (Staff.gps[0], Staff.nurses[0], Staff.pharmacists[0])
    static let circle = [
        DeclaredProfessional(role: .attendingGP, rpps: doctor), DeclaredProfessional(role: .nurse, rpps: nurse),
        DeclaredProfessional(role: .pharmacist, rpps: pharmacist),
    ]

    let sealer = ErasableSealer()
    let clock = ManualClock(start)
    let log: InMemoryEventLog
    let coordinator: Coordinator
    let store: SQLiteReactorStore
    let outbox: SQLiteOutbox
    let ledger: LedgerDesk
    let table: NewsTable

    init(_ territory: SmallTerritory? = SmallTerritory()) async throws {
        log = InMemoryEventLog(identity: "test-territory", sealer: sealer, time: clock.source)
        let chance = Mutex(SplitMix64(seed: 1))
        let ids = EventIDGenerator(time: clock.source) { chance.withLock { $0.next() } }
        coordinator = Coordinator(log: log, sealer: sealer, streams: Self.streams, time: clock.source, ids: ids)
        store = try Self.memoryStore()
        outbox = try SQLiteOutbox(store: store)
        table = try NewsTable.shipped()
        ledger = LedgerDesk(coordinator: coordinator, table: table)
        guard let territory else { return }
        let publisher = TerritoryPublisher(coordinator: coordinator)
        _ = try await publisher.publish(territory: territory.yaml, file: "test", by: author)
        for file in BundledFiles.protocols { _ = try await publisher.publish(protocol: file.yaml, file: file.name, by: author) }
    }

    static func memoryStore() throws -> SQLiteReactorStore { try SQLiteReactorStore(readingOnly: "/nowhere/reactors.sqlite") }

    var author: Author { Author(source: "urn:relais:test", occurredAt: clock.now) }

    func caller(_ rpps: String) throws -> Caller {
        try Caller(urn: "urn:rpps:\(rpps)", in: try coordinator.loader.territory(Self.streams.territory).state)
    }

    /// All that the log knows of a message.
    func record(of message: String, to rpps: String) throws -> MessageRecord? {
        let events = try log.read(stream: Self.streams.recipient(rpps), fromVersion: 1, limit: .max)
        return MessageRecord(message, folding: try events.compactMap { try DomainEvent(type: $0.type, payload: $0.payload) })
    }

    // MARK: - Reactors

    func notifier(_ outbox: any Outbox, _ store: any ReactorStore) -> ReactorFollower {
        let reader = HappeningReader(coordinator: coordinator)
        let reactor = NotifierReactor(coordinator: coordinator, reader: reader, table: table, ledger: ledger, outbox: outbox)
        return ReactorFollower(reactor, store: store, log: log, time: clock.source)
    }

    func reconciler(_ outbox: any Outbox) -> Reconciler {
        let reader = HappeningReader(coordinator: coordinator)
        return Reconciler(coordinator: coordinator, reader: reader, table: table, ledger: ledger, outbox: outbox, store: store)
    }

    /// Plans all there is to plan, then tells the outbox of everything.
    func settle() async throws {
        let planner = FollowUpPlanner(coordinator: coordinator, ledger: SQLiteLoadLedger(store: store, loader: coordinator.loader))
        let reactor = PlannerReactor(planner: planner, deadlines: SQLiteDeadlineStore(store: store))
        try await catchUp(ReactorFollower(reactor, store: store, log: log, time: clock.source))
        try await notify()
    }

    func notify() async throws { try await catchUp(notifier(outbox, store)) }

    func catchUp(_ follower: ReactorFollower, pageSize: Int = 100) async throws {
        while true {
            let events = try log.read(after: try await follower.loadCheckpoint().position, limit: pageSize)
            guard let last = events.last else { return }
            try await follower.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: last.position, epoch: log.epoch)))
        }
    }

    // MARK: - What happens

    func pathway(_ visit: String = "V1") -> StreamID { Self.streams.pathway(LocalIdentifier(authority: "CHT", value: visit)) }

    func movement(_ id: String, _ instant: Instant, expected: Instant? = nil, declared: [DeclaredProfessional] = circle) -> Movement {
        Movement(
            id: MovementID(authority: "CHT", value: id),
            effectiveAt: instant,
            unit: MedicalUnitReference(code: "MEDE", authority: "CHT"),
            declared: declared,
            expectedAt: expected,
            statement: statement(id)
        )
    }

    func statement(_ control: String) -> Pathways.Statement {
        Pathways.Statement(recordedAt: clock.now, sentAt: clock.now, controlID: control, digest: "0000000000000000")
    }

    func report(_ report: VisitReport, of visit: String = "V1", patient: String = "P1") async throws {
        let identifier = LocalIdentifier(authority: "CHT", value: patient)
        let reference = Self.streams.reference(visit: LocalIdentifier(authority: "CHT", value: visit), patient: identifier)
        let address = PatientAddress(city: "Challans", postalCode: "85300")
        let identity = PatientIdentity(identifier: identifier, birthFamilyName: "ESSAI", givenName: "Louise", address: address)
        _ = try await coordinator.perform(nil) { work in
            let patient = Self.streams.patient(identifier)
            try work.identify(PatientIdentified(identity: identity, statement: report.statement), on: patient, by: author)
            try work.report(report, reference, account: nil, by: author)
            return []
        }
        clock.advance(hours: 1)
    }

    func admit(_ visit: String = "V1", patient: String = "P1", declared: [DeclaredProfessional] = circle) async throws {
        try await report(.movement(.admission, movement("\(visit)-in", clock.now, declared: declared), nil), of: visit, patient: patient)
    }

    func discharge(_ id: String = "out", to destination: DischargeDestination = .home, of visit: String = "V1", patient: String = "P1") async throws {
        let movement = movement("\(visit)-\(id)", clock.now)
        try await report(.movement(.discharge, movement, DischargeMode(destination: destination)), of: visit, patient: patient)
    }

    func followUp(_ rule: String, of visit: String = "V1") throws -> FollowUp {
        guard let found = try coordinator.loader.pathway(pathway(visit)).state.followUps.last(where: { $0.plan.rule.rule == rule }) else {
            throw Missing(what: rule)
        }
        return found
    }

    func accept(_ rule: String, of visit: String = "V1", by rpps: String) async throws {
        _ = try await FollowUpDesk(coordinator: coordinator)
            .perform(.accept, on: try followUp(rule, of: visit).id, in: pathway(visit), by: try caller(rpps), key: nil)
        clock.advance(hours: 1)
    }

    struct Missing: Error { let what: String }

    // MARK: - What the outbox holds

    struct Row: Hashable, CustomStringConvertible {
        let position: Int64
        let event: String
        let recipient: String
        let template: String
        let subject: String
        let ended: String?

        var description: String { "\(position) \(template) \(subject.prefix(4)) → \(recipient) \(ended ?? "-")" }
    }

    func rows(_ store: SQLiteReactorStore? = nil) throws -> [Row] {
        try (store ?? self.store).database.read { database in
            try GRDB.Row.fetchAll(database, sql: "SELECT * FROM notification_news ORDER BY position, recipient, template, subject").map {
                Row(
                    position: $0["position"],
                    event: $0["event"],
                    recipient: $0["recipient"],
                    template: $0["template"],
                    subject: $0["subject"],
                    ended: $0["ended"]
                )
            }
        }
    }

    /// Templates of what somebody is told, those that nothing ended.
    func waiting(_ rpps: String) throws -> [String] { try rows().filter { $0.recipient == rpps && $0.ended == nil }.map(\.template) }
}
