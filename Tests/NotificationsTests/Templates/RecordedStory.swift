import Coordination
import Crypto
import EventStore
import Notifications
import Pathways
import Testing
import Timekeeping

/// A log in which a test tells a story, and a renderer that reads it.
struct RecordedStory: Sendable {
    static let nurse = "99999000443"
    static let gp = "99999000112"
    static let referent = "99999000013"

    let sealer = BreakableSealer()
    let log: InMemoryEventLog
    let streams: StreamNames
    private let ids: EventIDGenerator
    let visit = LocalIdentifier(authority: "850099995", value: "V0042")
    let patient = LocalIdentifier(authority: "850099995", value: "P0007")

    var pathway: StreamID { streams.pathway(visit) }
    var patientStream: StreamID { streams.patient(patient) }
    var reference: PathwayReference { streams.reference(visit: visit, patient: patient) }
    let now = Instant(millisecondsSinceEpoch: 1_795_100_700_000)

    init() {
        streams = StreamNames(naming: StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))), territory: "clvo-demo")
        log = InMemoryEventLog(identity: "clvo-demo", sealer: sealer, time: .fixed(now))
        ids = EventIDGenerator(time: .fixed(now)) { 42 }
    }

    /// Records an event; its id and position.
    @discardableResult
    func record(_ body: any EventBody, in stream: StreamID, isInClear: Bool = false) async throws -> (id: String, position: Int64) {
        let event = NewEvent(
            id: ids.next(),
            type: type(of: body).type,
            source: "urn:relais:test",
            time: now,
            payload: body.payload,
            isInClear: isInClear
        )
        let outcome = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream, expected: .any, events: [event])]))
        guard case .appended(let receipt) = outcome else {
            Issue.record("not appended")
            return ("", 0)
        }
        return (event.id.description, receipt.position)
    }

    @discardableResult
    func tell(_ event: PathwayEvent) async throws -> (id: String, position: Int64) { try await record(event.body, in: pathway) }

    func publish(renaming old: String = "", to new: String = "") async throws {
        let yaml = BundledFiles.demoTerritory
        let content = old.isEmpty ? yaml : yaml.replacing(old, with: new)
        try await record(TerritoryPublished(territory: "clvo-demo", digest: "0123456789abcdef", content: content), in: streams.territory)
    }

    /// The patient, an admission and a follow-up that the nurse is asked for.
    func begin() async throws -> (id: String, position: Int64) {
        try await publish()
        try await identify("Guérineau")
        try await tell(.patientAdmitted(PatientAdmitted(pathway: reference, movement: movement)))
        try await tell(.followUpsPlanned(FollowUpsPlanned(followUps: [plan(title: "Refaire le pansement")])))
        let assignment = Assignment(basis: .declared, order: [Self.nurse])
        let solicitation = OffersMade.Solicitation(followUp: "f1", wave: 1, to: [Self.nurse], until: now, assignment: assignment)
        return try await tell(.offersMade(OffersMade(at: now, solicitations: [solicitation], directoryVersion: 1)))
    }

    func identify(_ family: String) async throws {
        let identity = PatientIdentity(
            identifier: patient,
            birthFamilyName: family,
            givenName: "Marie",
            birthDate: "1948-03-12",
            sex: "F",
            address: PatientAddress(city: "Challans", postalCode: "85300")
        )
        try await record(PatientIdentified(identity: identity, statement: statement), in: patientStream)
    }

    func plan(title: String) -> PlannedFollowUp {
        PlannedFollowUp(
            id: "f1",
            rule: RuleReference(followUpProtocol: "local", rule: "r1"),
            protocolVersion: 1,
            role: .nurse,
            title: title,
            priority: .normal,
            dueFrom: now.adding(hours: 1),
            dueBy: now.adding(hours: 3),
            answerWithinMinutes: 120,
            movement: movement.id
        )
    }

    var statement: Statement { Statement(recordedAt: now, sentAt: now, controlID: "M1", digest: "0123456789abcdef") }

    var movement: Movement {
        Movement(
            id: MovementID(authority: "850099995/V0042", value: "1"),
            effectiveAt: now,
            unit: MedicalUnitReference(code: "CARD", authority: "850099995"),
            statement: statement
        )
    }

    func news(_ event: String, _ template: String = "offer-named", named: Bool = true, pathway: String?? = nil, asks: Bool = true) -> News {
        News(
            key: NewsKey(event: event, recipient: Self.nurse, template: template, followUp: "f1"),
            occurredAt: now,
            urgency: .routine,
            pathway: pathway ?? self.pathway.hex,
            followUp: "f1",
            answerBy: nil,
            asks: asks,
            named: named
        )
    }

    func message(_ items: [News], at position: Int64, reminder: Int = 0) -> OutboxMessage {
        OutboxMessage(
            recipient: Self.nurse,
            urgency: .routine,
            reminder: reminder,
            madeAt: now,
            position: position,
            items: items,
            delivery: Delivery(.waiting(until: now))
        )
    }

    func renderer() throws -> LogRenderer {
        LogRenderer(
            past: RecordedPast(reader: log, sealer: sealer, streams: streams),
            book: try .shipped(),
            settings: try RenderingSettings(base: "https://relais.example", domain: "relais.example")
        )
    }
}
