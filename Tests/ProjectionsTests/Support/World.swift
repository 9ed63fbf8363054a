import Crypto
import EventStore
import Foundation
import Pathways
import Synchronization
import TestSupport
import Timekeeping

@testable import Projections

/// A clock that a test moves.
final class MovingClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) { self.instant = Mutex(instant) }

    var now: Instant { instant.withLock { $0 } }
    func move(to later: Instant) { instant.withLock { $0 = later } }
    var source: TimeSource { TimeSource { [self] in now } }
}

/// A log in memory, a data directory of its own, and words for what happens in a hospital and in the city.
final class World: Sendable {
    static let start = instant("2026-11-02T08:00:00+01:00")

    let clock = MovingClock(World.start)
    let log: InMemoryEventLog
    let directory: String
    let ids: EventIDGenerator
    private let naming = StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32)))

    init(seed: UInt64 = 1) throws {
        let random = RandomSource(seed: seed)
        log = InMemoryEventLog(identity: "test", time: clock.source)
        ids = EventIDGenerator(time: clock.source, random: { random.next() })
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("proj-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    // MARK: - Names

    func pathway(_ visit: String) -> StreamID { naming.id(kind: "pathway", authority: "CHLVO", identifier: visit) }
    func patient(_ number: String) -> StreamID { naming.id(kind: "patient", authority: "CHLVO", identifier: number) }
    func recipient(_ rpps: String) -> StreamID { naming.id(kind: "recipient", authority: "test", identifier: rpps) }
    func followUp(_ stream: StreamID, _ rule: RuleReference, _ movement: MovementID) -> String {
        naming.id(kind: "follow-up", authority: "\(stream.hex)/\(rule)", identifier: movement.value).hex
    }
    var territoryStream: StreamID { naming.id(kind: "territory", authority: "relais", identifier: "test") }
    var intake: StreamID { naming.id(kind: "intake", authority: "CHLVO", identifier: "SIMHOSP") }

    func reference(_ visit: String, patient number: String) -> PathwayReference {
        PathwayReference(
            visit: LocalIdentifier(authority: "CHLVO", value: visit),
            patient: LocalIdentifier(authority: "CHLVO", value: number),
            patientStream: patient(number).hex
        )
    }

    func link(_ number: String) -> PatientLink {
        PatientLink(identifier: LocalIdentifier(authority: "CHLVO", value: number), stream: patient(number).hex)
    }

    func statement(_ controlID: String, at instant: Instant? = nil) -> Statement {
        Statement(recordedAt: instant ?? clock.now, sentAt: instant ?? clock.now, controlID: controlID, digest: "0")
    }

    // MARK: - Recording

    /// Appends one event; its id and position.
    @discardableResult
    func record(
        _ body: some EventBody,
        on stream: StreamID,
        at time: Instant? = nil,
        causation: EventID? = nil,
        actor: String? = nil
    ) async throws -> (id: EventID, position: Int64) {
        try await record(type: type(of: body).type, body.payload, on: stream, at: time, causation: causation, actor: actor)
    }

    @discardableResult
    func record(
        type: String,
        _ payload: [UInt8],
        on stream: StreamID,
        at time: Instant? = nil,
        causation: EventID? = nil,
        actor: String? = nil
    ) async throws -> (id: EventID, position: Int64) {
        let event = NewEvent(
            id: ids.next(),
            type: type,
            source: "urn:finess:850099995",
            time: time ?? clock.now,
            actor: actor,
            causation: causation,
            payload: payload
        )
        let outcome = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream, expected: .any, events: [event])]))
        return (event.id, outcome.position)
    }

    @discardableResult
    func publish(_ territory: String) async throws -> Int64 {
        try await record(
            TerritoryPublished(territory: "test", digest: String(repeating: "a", count: 64), content: territory),
            on: territoryStream
        ).position
    }

    func identify(
        _ number: String,
        _ family: String = "FICTIF",
        city: String = "CHALLANS",
        ins: INS? = nil,
        deceased: Bool? = nil,
        withdrawsINS: Bool = false,
        at: Instant? = nil
    ) async throws {
        let at = at ?? clock.now
        let identity = PatientIdentity(
            identifier: LocalIdentifier(authority: "CHLVO", value: number),
            birthFamilyName: family,
            givenName: "Jeanne",
            birthDate: "1941-03-12",
            sex: "F",
            phone: "0261910000",
            address: PatientAddress(line: "12 rue de l'Exemple", city: city, postalCode: "85300"),
            ins: ins,
            deceased: deceased,
            withdrawsINS: withdrawsINS
        )
        let statement = Statement(recordedAt: at, sentAt: at, controlID: "I\(number)", digest: "0")
        try await record(PatientIdentified(identity: identity, statement: statement), on: patient(number), at: at)
    }

    /// Both streams hold it, as the product records it.
    func merge(_ retired: String, into survivor: String, at: Instant? = nil, causation: EventID? = nil) async throws {
        let body = PatientsMerged(retired: link(retired), survivor: link(survivor), statement: statement("A40", at: at))
        for number in [retired, survivor] { try await record(body, on: patient(number), causation: causation) }
    }

    func undoMerge(_ retired: String, _ survivor: String, by rpps: String) async throws {
        let by = Attribution(rpps: rpps, capacity: .referent)
        let body = MergeUndone(retired: link(retired), survivor: link(survivor), statement: statement("undo"), by: by)
        for number in [retired, survivor] { try await record(body, on: patient(number)) }
    }

    func movement(_ id: String, _ at: Instant, unit: String = "Cardiologie", expectedAt: Instant? = nil) -> Movement {
        Movement(
            id: MovementID(authority: "CHLVO", value: id),
            effectiveAt: at,
            unit: MedicalUnitReference(code: "CARD", label: unit),
            expectedAt: expectedAt,
            statement: Statement(recordedAt: at, sentAt: at, controlID: "M\(id)", digest: "0")
        )
    }

    /// Admission, identity and discharge home of a visit, at the clock's time and two days later.
    func stay(_ visit: String, patient number: String? = nil) async throws {
        let number = number ?? "P\(visit)"
        let reference = reference(visit, patient: number)
        let stream = pathway(visit)
        try await identify(number)
        try await record(PatientAdmitted(pathway: reference, movement: movement("\(visit)-1", clock.now)), on: stream)
        clock.move(to: clock.now.adding(days: 2))
        try await record(
            PatientDischarged(
                pathway: reference,
                movement: movement("\(visit)-2", clock.now),
                mode: DischargeMode(destination: .home)
            ),
            on: stream
        )
    }

    func plan(
        _ id: String,
        dueFrom: Instant? = nil,
        dueBy: Instant? = nil,
        role: CareRole = .nurse,
        priority: Priority = .normal,
        movement: String = "2"
    ) -> PlannedFollowUp {
        PlannedFollowUp(
            id: id,
            rule: RuleReference(followUpProtocol: "plain-home-discharge", rule: "first-visit"),
            protocolVersion: 3,
            role: role,
            title: "Faire la première visite",
            priority: priority,
            dueFrom: dueFrom ?? clock.now,
            dueBy: dueBy ?? clock.now.adding(days: 2),
            answerWithinMinutes: 240,
            movement: MovementID(authority: "CHLVO", value: movement)
        )
    }

    func offer(
        _ followUp: String,
        to: [String],
        wave: Int = 1,
        basis: Assignment.Basis = .coverage,
        order: [String]? = nil,
        reason: String? = nil,
        loads: [CandidateLoad] = []
    ) -> OffersMade {
        OffersMade(
            at: clock.now,
            solicitations: [
                .init(
                    followUp: followUp,
                    wave: wave,
                    to: to,
                    until: clock.now.adding(hours: 4),
                    assignment: Assignment(basis: basis, order: order ?? to, reason: reason, commune: "85047", loads: loads)
                )
            ],
            directoryVersion: 1
        )
    }

    // MARK: - Views

    var lookupKey: INSLookupKey {
        { [naming] in naming.id(kind: "ins", authority: $0.oid, identifier: $0.value) }
    }

    func runner(sealer: any PayloadSealer = PlainSealer()) throws -> ProjectionRunner {
        try runner(in: directory, sealer: sealer)
    }

    func runner(in directory: String, sealer: any PayloadSealer = PlainSealer()) throws -> ProjectionRunner {
        try ProjectionRunner(directory: directory, log: log, sealer: sealer, lookupKey: lookupKey)
    }

    /// Of some projections only, as another release might have them.
    func runner(of projections: [any Projection.Type], upcasters: Upcasters = .released) throws -> ProjectionRunner {
        try ProjectionRunner(
            directory: directory,
            log: log,
            sealer: PlainSealer(),
            lookupKey: lookupKey,
            surroundings: .system,
            projections: projections,
            upcasters: upcasters
        )
    }

    /// Takes in all that was recorded, in a runner of its own.
    func catchUp(pageSize: Int = 100, sealer: any PayloadSealer = PlainSealer()) throws {
        try runner(sealer: sealer).catchUp(pageSize: pageSize)
    }

    func views() throws -> Views { try Views(directory: directory) }

    func list(_ rpps: String, asOf position: Int64? = nil, now: Instant? = nil) throws -> ToDoList {
        try ToDoReader(views: try views()).list(rpps: rpps, asOf: position, now: now ?? clock.now)
    }

    func digests() throws -> [String: Hash256] {
        try ProjectionReader.digests(in: directory)
    }
}

extension ProjectionReader {
    static func digests(in directory: String) throws -> [String: Hash256] {
        let reader = ProjectionReader(views: try Views(directory: directory))
        return Dictionary(uniqueKeysWithValues: try ProjectionRunner.names.map { ($0, try reader.digest(of: $0)) })
    }
}

/// Seeded chance that closures can share.
final class RandomSource: Sendable {
    private let generator: Mutex<SplitMix64>

    init(seed: UInt64) { generator = Mutex(SplitMix64(seed: seed)) }

    func next() -> UInt64 { generator.withLock { $0.next() } }
}

func instant(_ text: String) -> Instant {
    Instant(rfc3339: text) ?? Instant(millisecondsSinceEpoch: .min)
}
