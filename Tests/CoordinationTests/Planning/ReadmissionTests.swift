import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// What a person's later stay does to what an earlier one left to do.
@Suite struct ReadmissionTests {
    private static let back = World.start.adding(hours: 20)
    private static let out = World.start.adding(hours: 60)

    /// Out of a first stay at `start`, with one follow-up that a nurse has accepted.
    private func world(_ kind: LogKind = .memory) async throws -> (World, nurse: String) {
        let world = try await World(kind, loop: LoopProtocol(window: "{from: J0, to: J0+6d}", more: [LoopProtocol.rule("look", role: "pharmacist")]))
        try await world.admit("V1", patient: "P", at: World.start.adding(days: -3))
        try await world.discharge("V1", patient: "P", at: World.start)
        try await world.plan()
        let nurse = try #require(try world.followUp("visit").pendingOffers.first?.to)
        try await world.act(.accept, on: try world.followUp("visit"), by: nurse)
        return (world, nurse)
    }

    private func statuses(_ world: World, _ visit: String = "V1") throws -> [String: FollowUp.Status] {
        Dictionary(try world.state(visit).followUps.map { ($0.plan.rule.rule, $0.status) }, uniquingKeysWith: { $1 })
    }

    private func readmit(_ world: World, _ visit: String = "V2") async throws {
        world.clock.set(Self.back)
        try await world.admit(visit, patient: "P", at: Self.back)
        try await world.plan()
    }

    @Test(arguments: LogKind.allCases)
    func anotherStayHoldsWhatIsPending(kind: LogKind) async throws {
        let (world, nurse) = try await world(kind)
        try await readmit(world)
        #expect(try statuses(world) == ["visit": .onHold, "look": .onHold])
        let held = try world.followUp("visit")
        #expect(held.owner == .professional(nurse))
        #expect(held.heldSince == Self.back)
        let look = try world.followUp("look")
        #expect(look.pendingOffers.isEmpty)
        let review = try #require(look.nextDeadline)
        #expect(review.at > Self.back && review.kind == .holdReview(followUp: look.id))

        // Nobody is asked meanwhile, and somebody looks at it in the end.
        let head = try world.head()
        try await world.run(until: review.at.adding(milliseconds: -1))
        #expect(try world.head() == head)
        try await world.run(until: review.at)
        let told = try world.events().compactMap { if case .followUpEscalated(let body) = $0 { body } else { nil } }
        #expect(told.allSatisfy { $0.reason == .heldForLong && $0.at == review.at })
        #expect(Set(told.map(\.followUp)) == Set(try world.state().followUps.map(\.id)))
    }

    /// Nobody is expected at home while they are in hospital again: the limit of the home return passes without an event, stays the earliest
    /// deadline, and holds up none of those to come.
    @Test(arguments: LogKind.allCases)
    func aHomeReturnThatWaitsHoldsUpNoOtherDeadline(kind: LogKind) async throws {
        let home =
            "  - {id: home, role: referent, trigger: home-return-missing, title: Faire l'essai, window: {from: J0+2d, to: J0+2d}, "
            + "priority: urgent, answerWithinMinutes: 30, minimumDataSet: [identity], source: essai}"
        let world = try await World(kind, loop: LoopProtocol(window: "{from: J0, to: J0+20d}", more: [home]))
        try await world.admit("V1", patient: "P", at: World.start.adding(days: -3))
        try await world.discharge("V1", patient: "P", at: World.start)
        try await world.plan()
        try await readmit(world)
        let review = try #require(try world.followUp("visit").nextDeadline)
        #expect(review.kind == .holdReview(followUp: try world.followUp("visit").id) && review.at > World.start.adding(days: 3))
        try await world.run(until: review.at.adding(days: 8))
        let told = try world.events().compactMap { if case .followUpEscalated(let body) = $0 { body.at } else { nil } }
        #expect(told == [review.at, review.at.adding(days: 7)])
        #expect(try world.store().parked(of: nil, sequence: nil).isEmpty)
        #expect(try statuses(world) == ["visit": .onHold])
    }

    /// The next discharge plans the same rules: the old ones end, and their owners are told.
    @Test(arguments: LogKind.allCases)
    func theNextDischargeTakesOver(kind: LogKind) async throws {
        let (world, nurse) = try await world(kind)
        try await readmit(world)
        world.clock.set(Self.out)
        try await world.discharge("V2", patient: "P", at: Self.out)
        try await world.plan()
        #expect(try statuses(world) == ["visit": .withdrawn, "look": .withdrawn])
        #expect(try world.state().followUps.allSatisfy { $0.withdrawal == .superseded })
        #expect(try world.followUp("visit").toldOfWithdrawal == [nurse])
        #expect(try statuses(world, "V2") == ["visit": .open, "look": .open])
        // Both in one append: nobody ever saw the one without the other.
        let positions = try [world.pathway("V1"), world.pathway("V2")].map { stream in
            try world.recorded(stream).filter { $0.source == FollowUpPlanner.source }.map(\.position)
        }
        let last = try #require(positions[0].last)
        #expect(positions[1].contains { abs($0 - last) <= 2 })
    }

    /// A rule that is not planned anew goes on where it was.
    @Test(arguments: LogKind.allCases)
    func whatTheNextDischargeDoesNotPlanGoesOn(kind: LogKind) async throws {
        let (world, nurse) = try await world(kind)
        try await readmit(world)
        var loop = LoopProtocol()
        loop.version = 2
        loop.more = [LoopProtocol.rule("other", role: "pharmacist")]
        try await world.publish(SmallTerritory(), loop: loop)
        world.clock.set(Self.out)
        try await world.discharge("V2", patient: "P", at: Self.out)
        try await world.plan()
        // The protocol has it no more for new discharges either: what was decided for the first one stands until then.
        #expect(try statuses(world, "V2") == ["visit": .open, "other": .open])
        #expect(try statuses(world)["visit"] == .withdrawn)
        #expect(try world.followUp("visit").toldOfWithdrawal == [nurse])
    }

    /// Taken back, or ended without a discharge: all goes on as if nothing had been.
    @Test(arguments: LogKind.allCases)
    func aReadmissionThatIsTakenBackHoldsNothing(kind: LogKind) async throws {
        let (world, nurse) = try await world(kind)
        try await readmit(world)
        let cancellation = VisitReport.cancellation(MovementID(authority: "CHT", value: "V2-in"), .admission, world.statement("cancel"))
        try await world.report(cancellation, of: "V2", patient: "P")
        try await world.plan()
        #expect(try statuses(world) == ["visit": .accepted, "look": .open])
        #expect(try world.followUp("visit").owner == .professional(nurse))
        #expect(try !world.followUp("look").pendingOffers.isEmpty)
    }

    /// From one house to another: the patient is not at home yet.
    @Test(arguments: [DischargeDestination.smr, .had, .ehpad, .transfer])
    func whoeverGoesToAnotherHouseIsNotBack(destination: DischargeDestination) async throws {
        let (world, _) = try await world()
        try await readmit(world)
        world.clock.set(Self.out)
        try await world.discharge("V2", patient: "P", at: Self.out, to: destination)
        try await world.plan()
        #expect(try statuses(world) == ["visit": .onHold, "look": .onHold])
    }

    @Test func aVisitToTheEmergencyDepartmentIsNoStay() async throws {
        let (world, _) = try await world()
        world.clock.set(Self.back)
        try await world.report(.movement(.emergencyVisit, world.movement("V2-in", Self.back), nil), of: "V2", patient: "P")
        try await world.plan()
        #expect(try statuses(world) == ["visit": .accepted, "look": .open])
    }

    @Test func anotherPersonsStayHoldsNothing() async throws {
        let (world, _) = try await world()
        world.clock.set(Self.back)
        try await world.admit("V2", patient: "Q", at: Self.back)
        try await world.plan()
        #expect(try statuses(world) == ["visit": .accepted, "look": .open])
        // Until both numbers turn out to be one person.
        _ = try await world.coordinator.perform(nil) { work in
            let event = PatientsMerged(
                retired: World.streams.link(World.number("Q")),
                survivor: World.streams.link(World.number("P")),
                statement: world.statement("merge")
            )
            _ = try work.merge(event, by: world.author)
            return []
        }
        try await world.plan()
        #expect(try statuses(world) == ["visit": .onHold, "look": .onHold])
    }

    /// What the next discharge had taken over comes back when that stay never was.
    @Test(arguments: LogKind.allCases)
    func whatWasTakenOverComesBackWithTheStayGone(kind: LogKind) async throws {
        let (world, _) = try await world(kind)
        try await readmit(world)
        world.clock.set(Self.out)
        try await world.discharge("V2", patient: "P", at: Self.out)
        try await world.plan()
        #expect(try statuses(world) == ["visit": .withdrawn, "look": .withdrawn])
        for (kind, id) in [(MovementKind.discharge, "V2-out"), (.admission, "V2-in")] {
            let taken = VisitReport.cancellation(MovementID(authority: "CHT", value: id), kind, world.statement("cancel-\(id)"))
            try await world.report(taken, of: "V2", patient: "P")
        }
        try await world.plan()
        #expect(try statuses(world) == ["visit": .open, "look": .open])
        #expect(try statuses(world, "V2") == ["visit": .withdrawn, "look": .withdrawn])
    }

    /// Back under the number of the second stay: what the first one left waits too.
    @Test func whatWasTakenOverWaitsWhenTheStayGoesOn() async throws {
        let (world, _) = try await world()
        try await readmit(world)
        world.clock.set(Self.out)
        try await world.discharge("V2", patient: "P", at: Self.out)
        try await world.plan()
        let again = Self.out.adding(hours: 2)
        world.clock.set(again)
        try await world.report(.movement(.admission, world.movement("V2-again", again), nil), of: "V2", patient: "P")
        try await world.plan()
        #expect(try statuses(world) == ["visit": .onHold, "look": .onHold])
        #expect(try statuses(world, "V2") == ["visit": .onHold, "look": .onHold])
        let out = again.adding(hours: 5)
        world.clock.set(out)
        try await world.report(
            .movement(.discharge, world.movement("V2-out-again", out), DischargeMode(destination: .home)),
            of: "V2",
            patient: "P"
        )
        try await world.plan()
        #expect(try statuses(world) == ["visit": .withdrawn, "look": .withdrawn])
        #expect(try statuses(world, "V2") == ["visit": .open, "look": .open])
    }

    /// The follower is behind: a timer of the first stay rings while nobody has planned after the second.
    @Test(arguments: LogKind.allCases)
    func aTimerThatRingsFirstPlansBoth(kind: LogKind) async throws {
        let (world, _) = try await world(kind)
        let store = try world.store()
        try await world.catchUp(world.follower(store))
        world.clock.set(Self.out)
        try await world.admit("V2", patient: "P", at: Self.back)
        try await world.discharge("V2", patient: "P", at: Self.out)
        while try await world.scheduler(store).fireDue() > 0 {}
        #expect(try statuses(world) == ["visit": .withdrawn, "look": .withdrawn])
        #expect(try statuses(world, "V2") == ["visit": .open, "look": .open])
        let head = try world.head()
        try await world.catchUp(world.follower(store))
        #expect(try world.head() == head)
    }
}
