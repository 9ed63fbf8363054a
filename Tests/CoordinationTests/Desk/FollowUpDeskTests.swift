import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct FollowUpDeskTests {
    @Test(arguments: LogKind.allCases)
    func acceptedNotedDone(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        try await world.act(.note("porte à gauche"), on: followUp, by: nurse)
        let seenAt = World.start.adding(hours: 20)
        world.clock.set(seenAt.adding(minutes: 5))
        try await world.act(.complete(at: seenAt, .done, note: nil), on: followUp, by: nurse)

        let after = try world.followUp("nurse-first-visit")
        #expect(after.status == .done)
        #expect(after.closedAt == seenAt)
        #expect(after.offers.filter { $0.to != nurse }.allSatisfy { $0.answer == .superseded })
        // The first visit is also how it is known that the patient is at home.
        #expect(try world.state().homeReturnedAt == seenAt)
        #expect(try world.state().careCircle.map(\.rpps) == [nurse])
        #expect(try world.recorded(world.pathway()).suffix(4).allSatisfy { $0.actor == "urn:rpps:\(nurse)" && $0.source == $0.actor })
    }

    @Test(arguments: [
        (FollowUpDesk.Action.accept, Rejection.Code.notOffered), (.decline(.other), .notOffered),
        (.complete(at: World.start, .done, note: nil), .notYours),
    ])
    func whoeverWasNotAskedHasNoSay(action: FollowUpDesk.Action, code: Rejection.Code) async throws {
        let world = try await World()
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let asked = Set(followUp.pendingOffers.map(\.to))
        let notAsked = try #require(Staff.nurses.first { !asked.contains($0) })
        await #expect(performing: { try await world.act(action, on: followUp, by: notAsked) }, throws: { ($0 as? Rejection)?.code == code })
    }

    /// Whoever has it may have left the directory since.
    @Test(arguments: LogKind.allCases)
    func theReferentTakesBackWhatNobodyDoes(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let order = try #require(followUp.assignment?.order)
        try await world.act(.accept, on: followUp, by: order[0])
        var territory = SmallTerritory()
        territory.version = 2
        territory.people.removeAll { $0.rpps == order[0] }
        try await world.publish(territory)
        try await world.act(.decline(.absent), on: followUp, by: Staff.referent)
        try await world.plan()
        let open = try world.followUp("nurse-first-visit")
        #expect(open.owner == .referent && open.givenBackBy == [order[0]])
        #expect(open.pendingOffers.map(\.to) == Array(order[1...3]))
    }

    @Test func anUnknownFollowUpIsRefused() async throws {
        let world = try await World()
        try await world.returnHome()
        let caller = try world.caller(Staff.nurses[0])
        await #expect(
            performing: {
                _ = try await FollowUpDesk(coordinator: world.coordinator).perform(.accept, on: "none", in: world.pathway(), by: caller, key: nil)
            },
            throws: { ($0 as? Rejection)?.code == .unknownFollowUp }
        )
    }

    @Test(arguments: LogKind.allCases)
    func whatIsDoneTwiceIsRecordedOnce(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        let head = try world.head()
        #expect(try await world.act(.accept, on: followUp, by: nurse) == .done(answer: [], position: head))
        try await world.act(.complete(at: World.start, .done, note: nil), on: followUp, by: nurse)
        let closed = try world.head()
        try await world.act(.complete(at: World.start, .done, note: nil), on: followUp, by: nurse)
        #expect(try world.head() == closed)
    }

    @Test(arguments: ["heart-failure", "none"])
    func onlyAPublishedProtocolIsApplied(id: String) async throws {
        let world = try await World()
        try await world.returnHome(unit: "CARD")
        let desk = FollowUpDesk(coordinator: world.coordinator)
        let caller = try world.caller(Staff.referent)
        do {
            _ = try await desk.apply(protocol: id, to: world.pathway(), by: caller, key: RequestKey(key: "k", body: []))
            #expect(id == "heart-failure")
            #expect(try world.state().appliedProtocols.map(\.id) == [id])
        } catch let rejection as Rejection {
            #expect(id == "none")
            #expect(rejection.code == .unknownProtocol)
        }
    }
}
