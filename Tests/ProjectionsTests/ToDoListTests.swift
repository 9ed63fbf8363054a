import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct ToDoListTests {
    typealias People = TestTerritory

    /// A visit with one follow-up "f" that is open and not offered yet.
    private func open(_ plan: (World) -> PlannedFollowUp = { $0.plan("f") }) async throws -> World {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        try await world.record(FollowUpsPlanned(followUps: [plan(world)]), on: world.pathway("V1"))
        return world
    }

    private func kinds(_ world: World, _ rpps: String) throws -> [ToDoItem.Kind] {
        try world.catchUp()
        return try world.list(rpps).items.map(\.kind)
    }

    @Test func theReferentOwnsWhatNobodyAccepted() async throws {
        let world = try await open()
        #expect(try kinds(world, People.camille) == [.owned])
        #expect(try kinds(world, People.nicolas) == [])
        let item = try #require(try world.list(People.camille).items.first)
        #expect(item.followUp == "f" && item.pathway == world.pathway("V1").hex)
        #expect(item.title == "Faire la première visite" && item.role == .nurse && item.protocolVersion == 3)
        #expect(item.patient?.displayName == "FICTIF Jeanne")
        #expect(item.unit == "Cardiologie" && item.status == .discharged && item.destination == .home && item.visit == "V1")
        #expect(item.dischargedAt == world.clock.now)
        #expect(item.basis == nil && item.waitingFor.isEmpty)
    }

    @Test func offersAnswersAndTheirEnd() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(world.offer("f", to: [People.nicolas, People.amelie]), on: stream)
        #expect(try kinds(world, People.nicolas) == [.offered])
        #expect(try kinds(world, People.amelie) == [.offered])
        let owned = try #require(try world.list(People.camille).items.first)
        #expect(owned.waitingFor.map(\.name) == ["Nicolas Besson", "Amélie Bernard"])
        #expect(owned.commune == "Challans" && owned.basis == .coverage)

        try await world.record(FollowUpDeclined(followUp: "f", by: Attribution(rpps: People.nicolas), reason: .absent), on: stream)
        #expect(try kinds(world, People.nicolas) == [])
        #expect(try world.list(People.camille).items.first?.waitingFor.map(\.rpps) == [People.amelie])

        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.amelie)), on: stream)
        #expect(try kinds(world, People.amelie) == [.accepted])
        #expect(try kinds(world, People.camille) == [])

        let given = FollowUpDeclined(followUp: "f", by: Attribution(rpps: People.amelie), reason: .noCapacity, givenBack: true)
        try await world.record(given, on: stream)
        #expect(try kinds(world, People.amelie) == [])
        #expect(try kinds(world, People.camille) == [.owned])

        try await world.record(world.offer("f", to: [People.clement], wave: 2), on: stream)
        let done = FollowUpCompleted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.clement), outcome: .done)
        try await world.record(done, on: stream)
        for rpps in People.everybody { #expect(try kinds(world, rpps) == []) }
    }

    @Test func aNoticeStandsUntilItIsAcknowledged() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(world.offer("f", to: [People.nicolas, People.amelie]), on: stream)
        try await world.record(
            FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .dischargeCancelled, told: [People.nicolas, People.amelie])]),
            on: stream
        )
        #expect(try kinds(world, People.nicolas) == [.notice])
        #expect(try kinds(world, People.camille) == [])
        let list = try world.list(People.nicolas, now: world.clock.now.adding(days: 400))
        #expect(list.items(in: .notices).map(\.withdrawal) == [.dischargeCancelled])
        #expect(list.items.first?.late == false)
        // They were asked as one of those who cover the commune: they never knew who it was.
        #expect(list.items.first?.patient == nil)
        try await world.record(WithdrawalAcknowledged(followUp: "f", by: Attribution(rpps: People.nicolas)), on: stream)
        #expect(try kinds(world, People.nicolas) == [])
        #expect(try kinds(world, People.amelie) == [.notice])
    }

    @Test func whoAcceptedIsToldWithTheName() async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(world.offer("f", to: [People.nicolas]), on: stream)
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.nicolas)), on: stream)
        try await world.record(
            FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .deceased, told: [People.nicolas])]),
            on: stream
        )
        try world.catchUp()
        #expect(try world.list(People.nicolas).items.first?.patient?.birthFamilyName == "FICTIF")
    }

    @Test(
        arguments: [
            (Assignment.Basis.coverage, false, true), (.declared, true, true), (.unit, true, true),
        ])
    func identityIsShownByTheBasis(basis: Assignment.Basis, offered: Bool, accepted: Bool) async throws {
        let world = try await open()
        let stream = world.pathway("V1")
        try await world.record(world.offer("f", to: [People.nicolas], basis: basis), on: stream)
        try world.catchUp()
        let asked = try #require(try world.list(People.nicolas).items.first)
        #expect((asked.patient != nil) == offered)
        #expect((asked.visit != nil) == offered)
        // The commune, the care and its window are shown to everybody who is asked; the unit says what illness it is.
        #expect(asked.commune == "Challans" && !asked.title.isEmpty)
        #expect(asked.unit == (offered ? "Cardiologie" : nil))
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.nicolas)), on: stream)
        try world.catchUp()
        #expect((try world.list(People.nicolas).items.first?.patient != nil) == accepted)
    }

    @Test func laterWavesOfADeclaredAssignmentDoNotSeeTheName() async throws {
        let world = try await open()
        let order = [People.nicolas, People.amelie, People.clement]
        try await world.record(world.offer("f", to: [People.nicolas], basis: .declared, order: order), on: world.pathway("V1"))
        try await world.record(world.offer("f", to: [People.amelie], wave: 2, basis: .declared, order: order), on: world.pathway("V1"))
        try world.catchUp()
        #expect(try world.list(People.nicolas).items.first?.patient != nil)
        #expect(try world.list(People.amelie).items.first?.patient == nil)
        let document = String(decoding: try JSONEncoder().encode(try world.list(People.amelie)), as: UTF8.self)
        for hidden in ["FICTIF", "Jeanne", "1941", "0261910000", "Exemple", "V1\""] { #expect(!document.contains(hidden), "shows \(hidden)") }
    }

    @Test func theReferentIsWhoeverItIsAtThatPosition() async throws {
        let world = try await open()
        let before = try world.log.head().position
        try await world.publish(People.yaml(version: 2, referent: People.etienne))
        try world.catchUp()
        #expect(try world.list(People.camille).items.isEmpty)
        #expect(try world.list(People.etienne).items.map(\.kind) == [.owned])
        #expect(try world.list(People.camille, asOf: before).items.map(\.kind) == [.owned])
        #expect(try world.list(People.etienne, asOf: before).items.isEmpty)
        #expect(try world.list(People.etienne).isReferent && world.list(People.etienne).referent?.name == "Étienne Durand")
    }

    @Test func orderIsPriorityThenDueThenID() async throws {
        let world = try World()
        try await world.publish(People.yaml())
        try await world.stay("V1")
        let due = world.clock.now.adding(days: 1)
        let plans = [
            world.plan("e", dueBy: due), world.plan("d", dueBy: due), world.plan("c", dueBy: due.adding(hours: -1)),
            world.plan("b", dueBy: due.adding(days: 3), priority: .urgent), world.plan("a", dueBy: due.adding(days: 2), priority: .high),
        ]
        try await world.record(FollowUpsPlanned(followUps: plans), on: world.pathway("V1"))
        try world.catchUp()
        #expect(try world.list(People.camille).items.map(\.followUp) == ["b", "a", "c", "d", "e"])
    }

    /// Day J of the zone: what is due before it ends is for today, what is behind `now` is late; over both changes of the clocks too.
    @Test(
        arguments: [
            ("2026-11-10T09:00:00+01:00", "2026-11-10T08:59:59+01:00", ToDoList.Bucket.late),
            ("2026-11-10T09:00:00+01:00", "2026-11-10T09:00:00+01:00", .today),
            ("2026-11-10T09:00:00+01:00", "2026-11-10T23:59:59+01:00", .today),
            ("2026-11-10T09:00:00+01:00", "2026-11-10T23:00:00Z", .upcoming),
            ("2026-11-10T23:59:59+01:00", "2026-11-11T00:00:00+01:00", .upcoming),
            ("2026-11-11T00:00:00+01:00", "2026-11-11T00:00:00+01:00", .today),
            // 25 October 2026 has 25 hours: 22:30Z is still that day in Paris, 23:00Z is not.
            ("2026-10-25T00:30:00+02:00", "2026-10-25T22:59:59Z", .today),
            ("2026-10-25T00:30:00+02:00", "2026-10-25T23:00:00Z", .upcoming),
            // 28 March 2027 has 23 hours: its day ends at 22:00Z.
            ("2027-03-28T00:30:00+01:00", "2027-03-28T21:59:59Z", .today),
            ("2027-03-28T00:30:00+01:00", "2027-03-28T22:00:00Z", .upcoming),
        ])
    func bucketsFollowTheDaysOfTheZone(now: String, dueBy: String, bucket: ToDoList.Bucket) async throws {
        let world = try await open { $0.plan("f", dueBy: instant(dueBy)) }
        let stream = world.pathway("V1")
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.nicolas)), on: stream)
        try world.catchUp()
        let list = try world.list(People.nicolas, now: instant(now))
        #expect(list.items(in: bucket).count == 1, "\(list.items.map { list.bucket(of: $0) })")
        #expect(list.items.first?.late == (bucket == .late))
    }

    @Test func whatOthersAreAskedForIsWatchedAndTheRestIsTheReferentsOwn() async throws {
        let world = try await open()
        try world.catchUp()
        #expect(try world.list(People.camille).items(in: .watching).isEmpty)
        #expect(try world.list(People.camille).items(in: .upcoming).count == 1)
        try await world.record(world.offer("f", to: [People.nicolas]), on: world.pathway("V1"))
        try world.catchUp()
        #expect(try world.list(People.camille).items(in: .watching).count == 1)
        #expect(try world.list(People.nicolas).items(in: .toAnswer).count == 1)
        let refusal = FollowUpDeclined(followUp: "f", by: Attribution(rpps: People.nicolas), reason: .other)
        try await world.record(refusal, on: world.pathway("V1"))
        try world.catchUp()
        #expect(try world.list(People.camille, now: world.clock.now.adding(days: 400)).items(in: .late).count == 1)
    }

    @Test func aListIsEmptyForAStrangerAndRefusedAheadOfTheViews() async throws {
        let world = try await open()
        try world.catchUp()
        #expect(try world.list("99999999999").items.isEmpty)
        let head = try world.log.head().position
        #expect(throws: ViewError.behind(asked: head + 1, reached: head)) { try world.list(People.camille, asOf: head + 1) }
    }

    @Test func theDocumentHasItsMembers() async throws {
        let world = try await open()
        try await world.record(world.offer("f", to: [People.nicolas]), on: world.pathway("V1"))
        try world.catchUp()
        let encoder = JSONEncoder()
        let object = try JSONSerialization.jsonObject(with: try encoder.encode(try world.list(People.nicolas))) as? [String: Any]
        #expect(object?["professional"] as? String == People.nicolas && object?["timeZone"] as? String == "Europe/Paris")
        let item = try #require((object?["items"] as? [[String: Any]])?.first)
        #expect(
            item["bucket"] as? String == "toAnswer" && item["kind"] as? String == "offered" && item["protocol"] as? String == "plain-home-discharge"
        )
        #expect(item["answerBy"] as? String == world.clock.now.adding(hours: 4).rfc3339)
    }
}
