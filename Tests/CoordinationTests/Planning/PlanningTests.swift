import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct PlanningTests {
    @Test(arguments: LogKind.allCases, [1, 3, 100])
    func aHomeDischargeIsPlannedOnce(kind: LogKind, pageSize: Int) async throws {
        let world = try await World(kind)
        try await world.admit()
        try await world.discharge()
        let stated = Set(try world.recorded(world.pathway()).map(\.id))
        try await world.plan(pageSize: pageSize)
        let state = try world.state()
        #expect(Set(state.followUps.map(\.plan.rule.rule)) == ["liaison-letter", "pharmacy-reconciliation", "nurse-first-visit", "gp-visit"])
        #expect(state.followUps.allSatisfy { $0.plan.movement == MovementID(authority: "CHT", value: "V1-out") })
        let planned = try world.recorded(world.pathway()).suffix(2)
        #expect(planned.map(\.type) == [FollowUpsPlanned.type, OffersMade.type])
        #expect(planned.allSatisfy { $0.source == FollowUpPlanner.source && $0.actor == nil })

        // Whatever event of the visit came first to the planner.
        #expect(planned.allSatisfy { event in event.causation.map(stated.contains) == true })
        #expect(Set(planned.map(\.correlation)) == Set(planned.map(\.causation)))

        let head = try world.head()
        try await world.plan(pageSize: pageSize)
        try await FollowUpPlanner(coordinator: world.anotherCoordinator()).reconcile(world.pathway(), causedBy: nil, step: "again")
        #expect(try world.head() == head)
    }

    @Test(arguments: DischargeDestination.allCases)
    func theDestinationTellsWhatIsAskedFor(destination: DischargeDestination) async throws {
        let world = try await World()
        try await world.admit()
        try await world.discharge(to: destination)
        try await world.plan()
        let expected: Set<String> =
            switch destination {
            case .home: ["liaison-letter", "pharmacy-reconciliation", "nurse-first-visit", "gp-visit"]
            case .againstAdvice: ["gp-contact"]
            case .unknown: ["ask-destination"]
            case .smr, .had, .ehpad, .transfer, .death: []
            }
        #expect(Set(try world.state().followUps.map(\.plan.rule.rule)) == expected)
    }

    @Test func anAdmissionAlonePlansNothing() async throws {
        let world = try await World()
        try await world.admit()
        let head = try world.head()
        try await world.plan()
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases)
    func aCancelledDischargeWithdrawsAndTellsWhoAccepted(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let nursing = try world.followUp("nurse-first-visit")
        let nurse = try #require(nursing.pendingOffers.first?.to)
        try await world.act(.accept, on: nursing, by: nurse)
        let doctors = try world.followUp("gp-visit").pendingOffers.map(\.to)
        #expect(doctors.count == 3)
        try await world.cancel(.discharge, "V1-out")
        try await world.plan()

        let state = try world.state()
        #expect(state.status == .admitted)
        #expect(state.followUps.map(\.status) == Array(repeating: .withdrawn, count: 4))
        #expect(state.followUps.allSatisfy { $0.withdrawal == .dischargeCancelled && $0.pendingOffers.isEmpty })
        #expect(try world.followUp("nurse-first-visit").toldOfWithdrawal == [nurse])
        #expect(try world.followUp("gp-visit").toldOfWithdrawal == doctors)

        try await world.act(.acknowledgeWithdrawal, on: nursing, by: nurse)
        #expect(try world.followUp("nurse-first-visit").toldOfWithdrawal == [])
        let head = try world.head()
        try await world.plan()
        #expect(try world.head() == head)
    }

    @Test func aCancelledAdmissionWithdrawsToo() async throws {
        let world = try await World()
        try await world.returnHome()
        try await world.cancel(.admission, "V1-in")
        try await world.plan()
        let followUps = try world.state().followUps
        #expect(followUps.allSatisfy { $0.status == .withdrawn && $0.withdrawal == .admissionCancelled })
        #expect(followUps.count == 4)
    }

    @Test func whatIsDoneIsNotWithdrawn() async throws {
        let world = try await World()
        try await world.returnHome()
        let letter = try world.followUp("liaison-letter")
        try await world.act(.complete(at: World.start, .done, note: nil), on: letter, by: Staff.unitContact)
        try await world.cancel(.discharge, "V1-out")
        try await world.plan()
        #expect(try world.followUp("liaison-letter").status == .done)
        #expect(try world.state().followUps.count { $0.status == .withdrawn } == 3)
    }

    @Test(arguments: LogKind.allCases)
    func aDeclineAsksTheNextOnceNobodyIsAsked(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        var followUp = try world.followUp("nurse-first-visit")
        let order = try #require(followUp.assignment?.order)
        #expect(order.count == 7)
        var asked: [[String]] = []
        for wave in 1...3 {
            asked.append(followUp.pendingOffers.map(\.to))
            #expect(followUp.pendingOffers.allSatisfy { $0.wave == wave })
            for (index, rpps) in followUp.pendingOffers.map(\.to).enumerated() {
                let head = try world.head()
                try await world.act(.decline(.noCapacity), on: followUp, by: rpps)
                try await world.plan()
                // After the last of all, that nobody is left is said once.
                let isLast = index == asked[wave - 1].count - 1
                #expect(try world.head() == head + (isLast ? 2 : 1))
            }
            followUp = try world.followUp("nurse-first-visit")
        }
        #expect(asked.map(\.count) == [3, 3, 1])
        #expect(asked.flatMap { $0 } == order)
        // Everybody declined: it stays open, and the référent-parcours may take it.
        #expect(followUp.status == .open)
        #expect(followUp.nextDeadline?.at == followUp.plan.dueBy)
        try await world.act(.accept, on: followUp, by: Staff.referent)
        #expect(try world.followUp("nurse-first-visit").acceptedBy == Staff.referent)
    }

    @Test func whatIsGivenBackIsOfferedToTheOthers() async throws {
        let world = try await World()
        try await world.returnHome()
        let followUp = try world.followUp("nurse-first-visit")
        let order = try #require(followUp.assignment?.order)
        try await world.act(.accept, on: followUp, by: order[1])
        try await world.act(.decline(.absent), on: followUp, by: order[1])
        try await world.plan()
        let after = try world.followUp("nurse-first-visit")
        #expect(after.status == .open)
        #expect(after.pendingOffers.map(\.to) == [order[0], order[2], order[3]])
    }

    @Test(arguments: LogKind.allCases)
    func aUnitProposesAProtocolAndSomebodyAppliesIt(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome(unit: "CARD")
        let territory = try #require(try world.coordinator.loader.territory(World.streams.territory).state.territory)
        let unit = try #require(try world.state().stay.unit)
        #expect(territory.unit(code: unit.code, authority: try #require(unit.authority))?.protocols == ["heart-failure"])
        #expect(Set(try world.state().followUps.map(\.plan.rule.followUpProtocol)) == ["plain-home-discharge"])

        _ = try await FollowUpDesk(coordinator: world.coordinator)
            .apply(protocol: "heart-failure", to: world.pathway(), by: try world.caller(Staff.referent), key: nil)
        try await world.plan()
        let state = try world.state()
        let superseded = state.followUps.filter { $0.withdrawal == .superseded }
        #expect(Set(superseded.map(\.plan.rule.description)) == ["plain-home-discharge/nurse-first-visit", "plain-home-discharge/gp-visit"])
        let weekly = state.followUps.filter { $0.plan.rule.rule.hasPrefix("nurse-weekly#") }
        #expect(weekly.count == 8)
        #expect(Set(state.followUps.map(\.id)).count == state.followUps.count)
        #expect(state.followUps.filter { $0.status == .open && $0.plan.title == "Faire la première visite à domicile" }.count == 1)
        // There is no cardiologist here: the référent-parcours owns it.
        #expect(try world.followUp("cardiologist-visit").assignment?.reason == "nobody-covers-commune")
    }

    /// A second stay in the same visit, stated by mistake: taking it back must bring the follow-ups back.
    @Test(arguments: LogKind.allCases)
    func aReadmissionTakenBackResumesWhatItHeld(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome(declared: [DeclaredProfessional(role: .attendingGP, rpps: Staff.gps[2])])
        let nursing = try world.followUp("nurse-first-visit")
        let order = try #require(nursing.assignment?.order)
        try await world.act(.decline(.absent), on: nursing, by: order[0])
        try await world.act(.accept, on: nursing, by: order[1])
        let before = try world.state().followUps.map(\.id)

        try await world.report(.movement(.admission, world.movement("again", World.start.adding(hours: 3)), nil))
        try await world.plan()
        #expect(try world.state().followUps.allSatisfy { $0.status == .onHold })
        try await world.cancel(.admission, "again")
        try await world.plan()

        let state = try world.state()
        #expect(state.followUps.map(\.id) == before)
        #expect(state.followUps.allSatisfy { $0.status == ($0.plan.rule.rule == "nurse-first-visit" ? .accepted : .open) })
        // Who had accepted it has it still, and is told nothing.
        let again = try world.followUp("nurse-first-visit")
        #expect(again.owner == .professional(order[1]))
        #expect(again.toldOfWithdrawal == [])
        // The patient's own doctor is asked alone, the second time too.
        #expect(try world.followUp("gp-visit").pendingOffers.map(\.to) == [Staff.gps[2]])
        let head = try world.head()
        try await world.plan()
        #expect(try world.head() == head)

        try await world.cancel(.discharge, "V1-out")
        try await world.plan()
        #expect(try world.followUp("nurse-first-visit").toldOfWithdrawal == [order[1]])
    }

    @Test func whatMakesTheStayGoOnHolds() async throws {
        let world = try await World()
        try await world.returnHome()
        try await world.report(.movement(.admission, world.movement("later", World.start.adding(hours: 3)), nil))
        try await world.plan()
        #expect(try world.state().followUps.map(\.status) == Array(repeating: .onHold, count: 4))
    }
}
