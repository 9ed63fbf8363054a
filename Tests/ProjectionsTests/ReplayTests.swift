import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@testable import Projections

@Suite struct ReplayTests {
    typealias People = TestTerritory

    /// A visit whose discharge was learned late, taken back, and stated again. Positions 1 to 8.
    private func story(_ world: World) async throws {
        let reference = world.reference("V1", patient: "P1")
        let stream = world.pathway("V1")
        try await world.identify("P1")
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", world.clock.now)), on: stream)
        world.clock.move(to: instant("2026-11-06T10:00:00+01:00"))
        let early = instant("2026-11-04T10:00:00+01:00")
        try await world.record(
            PatientDischarged(pathway: reference, movement: world.movement("2", early), mode: DischargeMode(destination: .home)),
            on: stream,
            at: early
        )
        try await world.record(FollowUpsPlanned(followUps: [world.plan("f", dueBy: instant("2026-11-08T10:00:00+01:00"))]), on: stream)
        try await world.record(world.offer("f", to: [People.nicolas, People.amelie]), on: stream)
        try await world.record(FollowUpAccepted(followUp: "f", at: world.clock.now, by: Attribution(rpps: People.nicolas)), on: stream)
        world.clock.move(to: instant("2026-11-07T10:00:00+01:00"))
        let now = world.clock.now
        try await world.record(
            MovementCancelled(
                pathway: reference,
                movement: MovementID(authority: "CHLVO", value: "2"),
                kind: .discharge,
                statement: Statement(recordedAt: now, sentAt: now, controlID: "C", digest: "0")
            ),
            on: stream
        )
        try await world.record(
            FollowUpsWithdrawn(withdrawals: [.init(followUp: "f", reason: .dischargeCancelled, told: [People.nicolas])]),
            on: stream
        )
    }

    private func replay(_ world: World, _ until: PathwayReplay.Until, now: Instant? = nil) throws -> Replayed? {
        try PathwayReplay(reader: world.log, sealer: PlainSealer())
            .run(stream: world.pathway("V1"), until: until, now: now ?? world.clock.now, referent: People.camille)
    }

    @Test func everyWayOfStopping() async throws {
        let world = try World()
        try await story(world)
        let end = try #require(try replay(world, .now))
        #expect(end.pathway.status == .admitted && end.pathway.followUps.map(\.status) == [.withdrawn] && end.events.count == 7)
        #expect(end.patient.identity?.birthFamilyName == "FICTIF")

        let accepted = try #require(try replay(world, .position(6)))
        #expect(accepted.pathway.status == .discharged && accepted.pathway.followUps.map(\.status) == [.accepted])
        #expect(accepted.pathway.followUps.first.flatMap(accepted.owner) == "urn:rpps:\(People.nicolas)")
        #expect(try replay(world, .position(5))?.pathway.followUps.first.flatMap { end.owner(of: $0) } == "urn:rpps:\(People.camille)")

        // On the 5th nobody knew of the discharge of the 4th; on the 6th it was known.
        let fifth = instant("2026-11-05T12:00:00+01:00")
        #expect(try replay(world, .recordedAt(fifth))?.pathway.status == .admitted)
        #expect(try replay(world, .recordedAt(instant("2026-11-06T10:00:00+01:00")))?.pathway.status == .discharged)
        // As known now, it never was.
        #expect(try replay(world, .occurredBy(fifth))?.pathway.status == .admitted)
        #expect(try replay(world, .occurredBy(fifth))?.pathway.followUps.isEmpty == true)

        #expect(try replay(world, .position(1)) == nil)
        #expect(try replay(world, .recordedAt(World.start.adding(milliseconds: -1))) == nil)
    }

    @Test func occurredByTellsLateFactsAtTheirOwnTime() async throws {
        let world = try World()
        let reference = world.reference("V1", patient: "P1")
        try await world.record(PatientAdmitted(pathway: reference, movement: world.movement("1", world.clock.now)), on: world.pathway("V1"))
        let left = world.clock.now.adding(days: 1)
        world.clock.move(to: world.clock.now.adding(days: 9))
        try await world.record(
            PatientDischarged(pathway: reference, movement: world.movement("2", left), mode: DischargeMode(destination: .home)),
            on: world.pathway("V1"),
            at: left
        )
        #expect(try replay(world, .occurredBy(left))?.pathway.stay.dischargedAt == left)
        #expect(try replay(world, .occurredBy(left.adding(milliseconds: -1)))?.pathway.status == .admitted)
        #expect(try replay(world, .recordedAt(left))?.pathway.status == .admitted)
    }

    @Test func theDocumentIsTheContract() async throws {
        let world = try World()
        try await story(world)
        let late = try #require(try replay(world, .position(6), now: instant("2026-11-09T00:00:00+01:00")))
        let object = try #require(try JSONSerialization.jsonObject(with: try JSONEncoder().encode(late)) as? [String: Any])
        #expect(object["pathway"] as? String == world.pathway("V1").hex && object["visit"] as? String == "V1")
        #expect(object["facility"] as? String == "CHLVO" && object["patient"] as? String == "P1" && object["ins"] as? String == "none")
        #expect(object["status"] as? String == "discharged" && object["destination"] as? String == "home")
        #expect(object["admittedAt"] as? String == "2026-11-02T08:00:00+01:00" && object["dischargedAt"] as? String == "2026-11-04T10:00:00+01:00")
        #expect(object["homeReturnedAt"] is NSNull)
        let followUp = try #require((object["followUps"] as? [[String: Any]])?.first)
        #expect(
            followUp["id"] as? String == "f" && followUp["role"] as? String == "nurse" && followUp["title"] as? String == "Faire la première visite"
        )
        #expect(followUp["protocol"] as? String == "plain-home-discharge" && followUp["rule"] as? String == "first-visit")
        #expect(followUp["status"] as? String == "accepted" && followUp["late"] as? Bool == true)
        #expect(followUp["owner"] as? String == "urn:rpps:\(People.nicolas)" && followUp["dueBy"] as? String == "2026-11-08T10:00:00+01:00")
        let offers = try #require(followUp["offers"] as? [[String: Any]])
        #expect(offers.map { $0["answer"] as? String } == ["accepted", "superseded"])
        #expect(offers.map { $0["to"] as? String } == ["urn:rpps:\(People.nicolas)", "urn:rpps:\(People.amelie)"])
        #expect(offers.first?["until"] as? String == "2026-11-06T14:00:00+01:00" && offers.first?["at"] as? String == "2026-11-06T10:00:00+01:00")
        let event = try #require((object["events"] as? [[String: Any]])?.first)
        #expect(event["position"] as? Int == 2 && event["version"] as? Int == 1 && event["type"] as? String == PatientAdmitted.type)
        #expect(event["source"] as? String == "urn:finess:850099995" && event["actor"] is NSNull)
        #expect(event["recordedAt"] as? String == "2026-11-02T07:00:00Z")
    }

    @Test func anUnreadableEventIsNamed() async throws {
        let world = try World()
        try await story(world)
        let bad = try await world.record(type: OffersMade.type, Array("{}".utf8), on: world.pathway("V1"))
        let error = #expect(throws: ReplayError.self) { try replay(world, .now) }
        guard case .unreadable(let position, let type, _) = try #require(error) else { return }
        #expect(position == bad.position && type == OffersMade.type)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func thePositionOfAnInstantIsFound(seed: UInt64) async throws {
        let world = try World()
        #expect(try LogClock.position(at: World.start, in: world.log) == 0)
        var random = SplitMix64(seed: seed)
        var recorded: [Instant] = []
        for number in 0..<40 {
            world.clock.move(to: world.clock.now.adding(seconds: Int64.random(in: 0...2, using: &random)))
            try await world.identify("P\(number)")
            recorded.append(world.clock.now)
        }
        for offset in -2...90 {
            let at = World.start.adding(seconds: Int64(offset))
            #expect(try LogClock.position(at: at, in: world.log) == Int64(recorded.filter { $0 <= at }.count), "seed \(seed), \(offset) s")
        }
    }
}
