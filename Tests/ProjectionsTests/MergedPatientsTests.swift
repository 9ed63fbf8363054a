import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Numbers that are one person: whichever a visit was recorded under, who reads sees the person.
@Suite struct MergedPatientsTests {
    typealias People = TestTerritory

    /// A visit each of P1 (LANCIEN, Challans) and P2 (SURVIVANT, Sallertaine), with a follow-up each of the référent-parcours.
    private func world() async throws -> World {
        let world = try World()
        try await world.publish(People.yaml())
        for number in ["1", "2"] {
            try await world.stay("V\(number)", patient: "P\(number)")
            try await world.record(FollowUpsPlanned(followUps: [world.plan("f\(number)")]), on: world.pathway("V\(number)"))
        }
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        try await world.identify("P1", "LANCIEN")
        try await world.identify("P2", "SURVIVANT", city: "SALLERTAINE")
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        return world
    }

    private func names(_ world: World, asOf position: Int64? = nil) throws -> [String: String?] {
        try world.catchUp()
        let items = try world.list(People.camille, asOf: position).items
        return Dictionary(uniqueKeysWithValues: items.map { ($0.followUp, $0.patient?.birthFamilyName) })
    }

    private func timeline(_ world: World) throws -> TimelineReader {
        try world.catchUp()
        return TimelineReader(views: try world.views(), log: world.log, sealer: PlainSealer())
    }

    private func replay(_ world: World, _ visit: String) throws -> Replayed {
        let replay = PathwayReplay(reader: world.log, sealer: PlainSealer())
        return try #require(try replay.run(stream: world.pathway(visit), until: .now, now: world.clock.now, referent: People.camille))
    }

    @Test func theSurvivorIsShownUntilTheMergeIsUndone() async throws {
        let world = try await world()
        #expect(try names(world) == ["f1": "LANCIEN", "f2": "SURVIVANT"])
        let before = try world.log.head().position
        try await world.merge("P1", into: "P2")
        #expect(try names(world) == ["f1": "SURVIVANT", "f2": "SURVIVANT"])
        #expect(try replay(world, "V1").mergedInto?.value == "P2" && replay(world, "V2").mergedInto == nil)
        #expect(try replay(world, "V1").patient.identity?.birthFamilyName == "SURVIVANT")
        let merged = try world.log.head().position
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        try await world.undoMerge("P1", "P2", by: People.camille)
        #expect(try names(world) == ["f1": "LANCIEN", "f2": "SURVIVANT"])
        #expect(try replay(world, "V1").mergedInto == nil)
        // As it stood, in between and before.
        #expect(try names(world, asOf: merged) == ["f1": "SURVIVANT", "f2": "SURVIVANT"])
        #expect(try names(world, asOf: before) == ["f1": "LANCIEN", "f2": "SURVIVANT"])
    }

    @Test func whatTheFeedSaysLaterOfTheSurvivorShowsEverywhere() async throws {
        let world = try await world()
        try await world.merge("P1", into: "P2")
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        try await world.identify("P2", "MARIEE")
        #expect(try names(world) == ["f1": "MARIEE", "f2": "MARIEE"])
    }

    @Test func ofASurvivorOfWhomNothingIsKnownTheOldIdentityStays() async throws {
        let world = try await world()
        try await world.merge("P1", into: "P9")
        #expect(try names(world)["f1"] == "LANCIEN")
    }

    @Test(arguments: [false, true])
    func theLatestStatementWinsWhateverTheOrderOfArrival(undoneFirst: Bool) async throws {
        let world = try await world()
        let now = world.clock.now
        let by = Attribution(rpps: People.camille, capacity: .referent)
        let undone = MergeUndone(
            retired: world.link("P1"),
            survivor: world.link("P2"),
            statement: world.statement("undo", at: now.adding(minutes: 5)),
            by: by
        )
        if undoneFirst { for number in ["P1", "P2"] { try await world.record(undone, on: world.patient(number)) } }
        try await world.merge("P1", into: "P2", at: now)
        if !undoneFirst { for number in ["P1", "P2"] { try await world.record(undone, on: world.patient(number)) } }
        #expect(try names(world) == ["f1": "LANCIEN", "f2": "SURVIVANT"])
        try await world.merge("P1", into: "P2", at: now.adding(minutes: 10))
        #expect(try names(world)["f1"] == "SURVIVANT")
    }

    @Test func chainsAreFollowedAndCirclesCut() async throws {
        let world = try await world()
        try await world.identify("P3", "DERNIER")
        let now = world.clock.now
        try await world.merge("P1", into: "P2", at: now)
        try await world.merge("P2", into: "P3", at: now.adding(minutes: 1))
        #expect(try names(world) == ["f1": "DERNIER", "f2": "DERNIER"])
        // P3 into P1: the oldest word, P1 into P2, is passed over.
        try await world.merge("P3", into: "P1", at: now.adding(minutes: 2))
        #expect(try names(world) == ["f1": "LANCIEN", "f2": "LANCIEN"])
        #expect(try replay(world, "V2").mergedInto?.value == "P1")
        let person = try PatientReader(views: try world.views(), lookupKey: world.lookupKey).person(of: world.patient("P2"))
        #expect(person.first == world.patient("P1") && Set(person) == Set(["P1", "P2", "P3"].map(world.patient)))
    }

    @Test func pathwaysAreFoundUnderEveryNumberAndByINS() async throws {
        let world = try await world()
        let ins = try INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10")
        try await world.identify("P1", "LANCIEN", ins: ins, at: world.clock.now.adding(minutes: 1))
        let both = [world.pathway("V1"), world.pathway("V2")]
        #expect(try timeline(world).pathways(ofPatient: world.patient("P1")) == [both[0]])
        try await world.merge("P1", into: "P2")
        for number in ["P1", "P2"] { #expect(try timeline(world).pathways(ofPatient: world.patient(number)) == both) }
        let patients = PatientReader(views: try world.views(), lookupKey: world.lookupKey)
        #expect(try patients.streams(ins: ins) == [world.patient("P1"), world.patient("P2")])
        try await world.undoMerge("P1", "P2", by: People.camille)
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        try await world.undoMerge("P1", "P2", by: People.camille)
        #expect(try timeline(world).pathways(ofPatient: world.patient("P2")) == [both[1]])
        #expect(try patients.streams(ins: ins) == [world.patient("P1")])
    }

    @Test func anINSThatWasTakenBackFindsNobodyUnlessItIsStatedAgain() async throws {
        let world = try await world()
        let ins = try INS(number: "279035121518989", oid: "1.2.250.1.213.1.4.10")
        try world.catchUp()
        let patients = PatientReader(views: try world.views(), lookupKey: world.lookupKey)
        let now = world.clock.now
        try await world.identify("P1", "LANCIEN", withdrawsINS: true, at: now.adding(minutes: 2))
        // Said before it was taken back, though it comes after.
        try await world.identify("P1", "LANCIEN", ins: ins, at: now.adding(minutes: 1))
        try world.catchUp()
        #expect(try patients.streams(ins: ins) == [])
        try await world.identify("P1", "LANCIEN", ins: ins, at: now.adding(minutes: 3))
        try world.catchUp()
        #expect(try patients.streams(ins: ins) == [world.patient("P1")])
    }

    @Test func whoOpposesUnderOneNumberIsMaskedUnderAll() async throws {
        let world = try await world()
        let by = Attribution(rpps: People.camille, capacity: .referent)
        try await world.record(OppositionRecorded(basis: .sharing, statedAt: world.clock.now, by: by), on: world.patient("P1"))
        #expect(try names(world) == ["f1": nil, "f2": "SURVIVANT"])
        try await world.merge("P1", into: "P2")
        try world.catchUp()
        let items = try world.list(People.camille).items
        #expect(items.count == 2 && items.allSatisfy { $0.isIdentityMasked && $0.patient == nil })
        #expect(try timeline(world).timeline(of: world.pathway("V2"))?.isIdentityMasked == true)
    }

    @Test func aStoryTellsOfThePersonUnderEveryNumber() async throws {
        let world = try await world()
        try await world.merge("P1", into: "P2")
        world.clock.move(to: world.clock.now.adding(minutes: 1))
        try await world.undoMerge("P1", "P2", by: People.camille)
        let merged = try world.log.head().position - 2
        let sentence = "Deux numéros de patient réunis par l’hôpital : c’est la même personne"
        let together = try #require(try timeline(world).timeline(of: world.pathway("V1"), asOf: merged))
        #expect(together.entries.filter { $0.sentence == sentence }.count == 2)
        #expect(together.entries.filter { $0.type == PatientIdentified.type }.count == 4)
        let apart = try #require(try timeline(world).timeline(of: world.pathway("V1")))
        #expect(apart.entries.filter { $0.type == PatientIdentified.type }.count == 2)
        #expect(apart.entries.last?.sentence == "Numéros de patient de nouveau séparés par Camille Moreau : ce sont deux personnes")
    }

    @Test func aReassignedPathwayIsTheOtherPatientsFromThereOn() async throws {
        let world = try await world()
        let before = try world.log.head().position
        let body = PathwayReassigned(from: world.link("P1"), to: world.link("P2"), statement: world.statement("A44"))
        try await world.record(body, on: world.pathway("V1"))
        #expect(try names(world) == ["f1": "SURVIVANT", "f2": "SURVIVANT"])
        #expect(try names(world, asOf: before)["f1"] == "LANCIEN")
        let reader = try timeline(world)
        #expect(try reader.pathways(ofPatient: world.patient("P1")) == [])
        #expect(try reader.pathways(ofPatient: world.patient("P2")) == [world.pathway("V2"), world.pathway("V1")])
        let story = try #require(try reader.timeline(of: world.pathway("V1")))
        #expect(story.patient == world.patient("P2") && story.entries.last?.sentence == "Séjour rattaché à un autre patient par l’hôpital")
        #expect(try reader.timeline(of: world.pathway("V1"), asOf: before)?.patient == world.patient("P1"))
        #expect(try replay(world, "V1").pathway.reference?.patient.value == "P2")
    }

    // MARK: - Death

    private func statuses(_ world: World) throws -> [Pathway.Status?] {
        try world.catchUp()
        return try world.list(People.camille).items.sorted { $0.followUp < $1.followUp }.map(\.status)
    }

    @Test func aDeathThatIsStatedCountsForEveryNumberUntilItIsTakenBack() async throws {
        let world = try await world()
        try await world.identify("P2", "SURVIVANT", deceased: true)
        #expect(try statuses(world) == [.discharged, .deceased])
        try await world.merge("P1", into: "P2")
        #expect(try statuses(world) == [.deceased, .deceased])
        #expect(try replay(world, "V1").status == .deceased)
        // Taken back, under the other number.
        try await world.identify("P1", "LANCIEN", deceased: false, at: world.clock.now.adding(minutes: 3))
        #expect(try statuses(world) == [.discharged, .discharged])
        #expect(try replay(world, "V1").status == .discharged)
        // What says nothing of it changes nothing.
        try await world.identify("P2", "SURVIVANT", deceased: true, at: world.clock.now.adding(minutes: 5))
        try await world.identify("P2", "SURVIVANT", at: world.clock.now.adding(minutes: 6))
        #expect(try statuses(world) == [.deceased, .deceased])
    }

    @Test func aVisitThatEndsInDeathEndsTheOthersOfTheSamePerson() async throws {
        let world = try await world()
        let death = world.movement("V2-2", world.clock.now)
        for number in ["1", "2"] {
            let visit = world.reference("V\(number)", patient: "P\(number)").visit
            try await world.record(VisitRegistered(visit: visit, pathwayStream: world.pathway("V\(number)").hex), on: world.patient("P\(number)"))
        }
        try await world.record(
            MovementCorrected(
                pathway: world.reference("V2", patient: "P2"),
                kind: .discharge,
                movement: death,
                mode: DischargeMode(destination: .death)
            ),
            on: world.pathway("V2")
        )
        #expect(try statuses(world) == [.discharged, .deceased])
        try await world.merge("P1", into: "P2")
        #expect(try statuses(world) == [.deceased, .deceased])
        #expect(try replay(world, "V1").status == .deceased)
        let statement = world.statement("A13", at: world.clock.now.adding(minutes: 1))
        try await world.record(
            MovementCancelled(pathway: world.reference("V2", patient: "P2"), movement: death.id, kind: .discharge, statement: statement),
            on: world.pathway("V2")
        )
        #expect(try statuses(world) == [.discharged, .admitted])
        #expect(try replay(world, "V1").status == .discharged)
    }
}
