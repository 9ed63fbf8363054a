import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct MaskingTests {
    typealias People = TestTerritory
    private let by = Attribution(rpps: TestTerritory.camille, capacity: .referent)

    private func world() async throws -> World {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f")]), on: world.pathway("V1"))
        return world
    }

    private func item(_ world: World, asOf position: Int64? = nil) throws -> ToDoItem {
        try world.catchUp()
        return try #require(try world.list(People.camille, asOf: position).items.first)
    }

    @Test func anOpposedPatientIsMaskedFromThereOnUntilItIsLifted() async throws {
        let world = try await world()
        #expect(try item(world).patient?.birthFamilyName == "FICTIF" && !item(world).isIdentityMasked)
        let opposed = try await world.record(
            OppositionRecorded(basis: .sharing, statedAt: world.clock.now, by: by),
            on: world.patient("PV1")
        ).position
        let masked = try item(world)
        #expect(masked.patient == nil && masked.visit == nil && masked.isIdentityMasked && masked.isReadersPatient)
        let json = try #require(String(bytes: try JSONEncoder().encode(try world.list(People.camille)), encoding: .utf8))
        #expect(json.contains("\"identityMasked\":true") && !json.contains("FICTIF"))
        #expect(try item(world, asOf: opposed - 1).patient == nil, "who opposes today is hidden in the past too")
        // What the feed states meanwhile stays masked too.
        try await world.identify("PV1", "AUTRE", at: world.clock.now.adding(hours: 1))
        #expect(try item(world).patient == nil)
        let timeline = TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
        #expect(try timeline.timeline(of: world.pathway("V1"))?.isIdentityMasked == true)
        #expect(try timeline.timeline(of: world.pathway("V1"), asOf: opposed - 1)?.isIdentityMasked == false)
        try await world.record(OppositionLifted(statedAt: world.clock.now, by: by), on: world.patient("PV1"))
        #expect(try item(world).patient?.birthFamilyName == "AUTRE")
        #expect(try item(world, asOf: opposed - 1).patient?.birthFamilyName == "FICTIF")
        #expect(try timeline.timeline(of: world.pathway("V1"))?.isIdentityMasked == false)
    }

    @Test func aCorrectedMemberIsNotUndoneByTheFeed() async throws {
        let world = try await world()
        let correction = IdentityCorrection(birthFamilyName: "JUSTE")
        try await world.record(IdentityCorrected(correction: correction, reason: .typingError, by: by), on: world.patient("PV1"))
        #expect(try item(world).patient?.birthFamilyName == "JUSTE")
        try await world.identify("PV1", "FAUX", city: "SALLERTAINE", at: world.clock.now.adding(hours: 1))
        let patient = try #require(try item(world).patient)
        #expect(patient.birthFamilyName == "JUSTE" && patient.city == "SALLERTAINE")
        // The auditor sees all of it.
        let replayed = try PathwayReplay(reader: world.log, sealer: PlainSealer())
            .run(stream: world.pathway("V1"), until: .now, now: world.clock.now, referent: People.camille)
        #expect(replayed?.patient.identity?.birthFamilyName == "JUSTE")
    }

    @Test func aRetractedNoteIsToldWithoutItsText() async throws {
        let world = try await world()
        let note = FollowUpNoted(followUp: "f", by: Attribution(rpps: People.nicolas), note: "digicode 1234")
        let noted = try await world.record(note, on: world.pathway("V1"))
        try await world.record(
            EntryRetracted(event: noted.id.description, reason: .otherPatient, by: by),
            on: world.pathway("V1")
        )
        try world.catchUp()
        let timeline = TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
        let sentences = try #require(try timeline.timeline(of: world.pathway("V1"))).entries.map(\.sentence)
        let told = ["Entrée retirée (concernait un autre patient)", "Note retirée par Camille Moreau (concernait un autre patient)"]
        #expect(sentences.suffix(2) == told)
        let before = try #require(try timeline.timeline(of: world.pathway("V1"), asOf: noted.position)).entries.last?.sentence
        #expect(before?.hasSuffix("digicode 1234") == true)
        let replayed = try PathwayReplay(reader: world.log, sealer: PlainSealer())
            .run(stream: world.pathway("V1"), until: .now, now: world.clock.now, referent: People.camille)
        #expect(replayed?.pathway.retracted == [noted.id.description] && replayed?.events.last?.type == EntryRetracted.type)
    }

    @Test func patientsAreFoundByWhatTheirINSIsNow() async throws {
        let world = try await world()
        let (first, second) = (
            try INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10"), try INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.11")
        )
        try await world.identify("A", ins: first)
        try await world.identify("B", ins: first)
        try await world.identify("C", ins: second)
        try world.catchUp()
        let reader = PatientReader(views: try world.views(), lookupKey: world.lookupKey)
        #expect(try reader.streams(ins: first) == [world.patient("A"), world.patient("B")])
        #expect(try reader.streams(ins: second) == [world.patient("C")])
        try await world.record(
            IdentityCorrected(correction: IdentityCorrection(removed: [.ins]), reason: .otherPerson, by: by),
            on: world.patient("A")
        )
        try await world.record(
            IdentityCorrected(correction: IdentityCorrection(ins: second), reason: .otherPerson, by: by),
            on: world.patient("B")
        )
        try await world.identify("A", ins: first)
        try world.catchUp()
        #expect(try reader.streams(ins: first).isEmpty)
        #expect(try reader.streams(ins: second) == [world.patient("C"), world.patient("B")])
    }
}
