import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// What the hospital says of a stay between its beginning and its end, as people read it.
@Suite struct HospitalStoryTests {
    typealias People = TestTerritory

    private let names = Sentence.Names(
        timeZone: TimeZone(identifier: "Europe/Paris") ?? .gmt,
        professional: { $0 == TestTerritory.camille ? "Camille Moreau" : nil },
        commune: { _ in nil },
        followUp: { _ in nil }
    )

    private static func movement(_ patientClass: PatientClass? = nil, expectedAt: String? = nil) -> Movement {
        Movement(
            id: MovementID(authority: "CHLVO", value: "1"),
            effectiveAt: World.start,
            unit: MedicalUnitReference(code: "CARD", label: "Cardiologie"),
            patientClass: patientClass,
            expectedAt: expectedAt.map(instant),
            statement: statement
        )
    }

    private static let statement = Statement(recordedAt: World.start, sentAt: World.start, controlID: "C", digest: "0")
    private static let reference = PathwayReference(
        visit: LocalIdentifier(authority: "CHLVO", value: "V1"),
        patient: LocalIdentifier(authority: "CHLVO", value: "P1"),
        patientStream: String(repeating: "0", count: 32)
    )

    @Test(
        arguments: [
            (
                .admissionAnnounced(AdmissionAnnounced(pathway: reference, movement: movement(expectedAt: "2026-11-12T18:05:00+01:00"))),
                "Entrée annoncée pour le jeu. 12 nov., 18 h 05 : Cardiologie"
            ),
            (.classChanged(ClassChanged(pathway: reference, movement: movement(.inpatient))), "Passage en hospitalisation complète : Cardiologie"),
            (.classChanged(ClassChanged(pathway: reference, movement: movement(.outpatient))), "Passage en soins externes : Cardiologie"),
            (.classChanged(ClassChanged(pathway: reference, movement: movement())), "Changement de prise en charge : Cardiologie"),
            (.transferAnnounced(TransferAnnounced(pathway: reference, movement: movement())), "Changement d’unité annoncé : Cardiologie"),
            (.attendingChanged(AttendingChanged(pathway: reference, movement: movement())), "Nouveau médecin responsable : Cardiologie"),
            (
                .leaveStarted(LeaveStarted(pathway: reference, movement: movement(expectedAt: "2026-11-12T18:05:00+01:00"))),
                "Absence temporaire de l’hôpital, retour prévu jeu. 12 nov., 18 h 05"
            ),
            (.leaveEnded(LeaveEnded(pathway: reference, movement: movement())), "Retour à l’hôpital après une absence : Cardiologie"),
            (.dischargeAnnounced(DischargeAnnounced(pathway: reference, movement: movement())), "Sortie annoncée"),
            (
                .movementCorrected(MovementCorrected(pathway: reference, kind: .discharge, movement: movement())),
                "Correction par l’hôpital : sortie, Cardiologie"
            ),
            (
                .movementCancelled(MovementCancelled(pathway: reference, movement: movement().id, kind: .leave, statement: statement)),
                "Absence temporaire annulée"
            ),
        ] as [(PathwayEvent, String)]
    )
    func eachHasASentence(event: PathwayEvent, sentence: String) {
        #expect(Sentence.french(for: .pathway(event), names: names) == sentence)
    }

    @Test func leaveSuspendsAndShowsInTheLists() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        let (stream, reference) = (world.pathway("V1"), world.reference("V1", patient: "P1"))
        try await world.identify("P1")
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", world.clock.now)), on: stream)
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: stream)
        func status() throws -> Pathway.Status? {
            try world.catchUp()
            return try world.list(People.camille).items.first?.status
        }
        #expect(try status() == .admitted)
        world.clock.move(to: world.clock.now.adding(hours: 2))
        let back = world.clock.now.adding(hours: 30)
        try await world.record(LeaveStarted(pathway: reference, movement: world.movement("2", world.clock.now, expectedAt: back)), on: stream)
        #expect(try status() == .onLeave)
        let replayed = try #require(
            try PathwayReplay(reader: world.log, sealer: PlainSealer())
                .run(stream: stream, until: .now, now: world.clock.now, referent: People.camille)
        )
        let document = try #require(try JSONSerialization.jsonObject(with: try JSONEncoder().encode(replayed)) as? [String: Any])
        #expect(document["status"] as? String == "onLeave" && document["returnExpectedAt"] as? String == back.rfc3339)
        #expect(document["had"] as? Bool == false && document["mergedInto"] is NSNull)
        world.clock.move(to: world.clock.now.adding(hours: 29))
        try await world.record(LeaveEnded(pathway: reference, movement: world.movement("3", world.clock.now)), on: stream)
        #expect(try status() == .admitted)
    }

    @Test func aCorrectedDischargeMovesTheWindowAndNothingElse() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        let stream = world.pathway("V1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: stream)
        try await world.record(world.offer("f", to: [People.nicolas]), on: stream)
        let before = try world.log.head().position
        let later = world.clock.now.adding(days: 5)
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f", dueBy: later)]), on: stream)
        try world.catchUp()
        #expect(try world.list(People.nicolas).items.map(\.kind) == [.offered])
        let owned = try world.list(People.camille).items
        #expect(owned.map(\.kind) == [.owned] && owned.first?.dueBy == later)
        #expect(try world.list(People.camille, asOf: before).items.first?.dueBy == world.clock.now.adding(days: 2))
    }

    /// As known now: a movement happened when it is said last to have happened.
    @Test(arguments: [(-1, nil), (1, .admitted), (20, .admitted), (30, .discharged)] as [(Int64, Pathway.Status?)])
    func whatHadHappenedIsToldWithItsCorrections(hours: Int64, status: Pathway.Status?) async throws {
        let world = try World()
        let start = world.clock.now
        let (stream, reference) = (world.pathway("V1"), world.reference("V1", patient: "P1"))
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", start)), on: stream, at: start)
        let wrong = start.adding(hours: 10)
        let mode = DischargeMode(destination: .home)
        try await world.record(
            PatientDischarged(pathway: reference, movement: world.movement("2", wrong), mode: mode),
            on: stream,
            at: wrong
        )
        let right = start.adding(hours: 25)
        let stated = world.movement("2", right)
        let correction = MovementCorrected(pathway: reference, kind: .discharge, movement: stated, mode: mode)
        try await world.record(correction, on: stream, at: stated.statement.recordedAt)
        let replayed = try PathwayReplay(reader: world.log, sealer: PlainSealer())
            .run(stream: stream, until: .occurredBy(start.adding(hours: hours)), now: right, referent: nil)
        #expect(replayed?.status == status)
    }
}
