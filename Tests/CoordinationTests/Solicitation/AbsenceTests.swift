import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// What an absence does to what is being asked already, in all pathways.
@Suite struct AbsenceTests {
    private func declare(_ absence: Absence, of rpps: String, _ world: World) async throws {
        _ = try await AbsenceDesk(coordinator: world.coordinator)
            .declare(absence, of: rpps, by: try world.caller(Staff.referent), key: RequestKey(key: "away-\(rpps)", body: []))
    }

    private func lapsed(_ world: World, _ visit: String) throws -> [OffersLapsed] {
        try world.events(visit).compactMap { if case .offersLapsed(let body) = $0 { body } else { nil } }
    }

    @Test(arguments: LogKind.allCases)
    func whoGoesAwayIsNotWaitedForAnywhere(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol())
        let visits = (1...5).map { "V\($0)" }
        for visit in visits { try await world.returnHome(visit, declared: [DeclaredProfessional(role: .nurse, rpps: Staff.nurses[3])]) }
        world.clock.set(World.start.adding(minutes: 10))
        try await declare(Absence(from: world.clock.now, to: world.clock.now.adding(days: 3)), of: Staff.nurses[3], world)
        try await world.plan()
        for visit in visits {
            #expect(try lapsed(world, visit).map(\.away) == [true] && lapsed(world, visit).map(\.at) == [world.clock.now])
            let asked = try world.followUp("visit", of: visit).pendingOffers.map(\.to)
            #expect(asked.count == 2 && !asked.contains(Staff.nurses[3]))
        }
        // Each is caused by the declaration, once.
        let head = try world.head()
        try await world.plan()
        _ = try await world.scheduler(try world.store()).fireDue()
        #expect(try world.head() == head)
        let cause = try #require(try world.recorded().last { $0.type == AbsenceDeclared.type }?.id)
        #expect(try world.recorded().filter { $0.type == OffersLapsed.type }.allSatisfy { $0.causation == cause })
    }

    /// The patient's own nurse is being asked, goes away, and says who stands in for them.
    @Test(arguments: LogKind.allCases)
    func whoStandsInIsAskedAloneInTheirPlace(kind: LogKind) async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(30)
        territory.people.append(.init(rpps: substitute, role: "nurse", communes: []))
        let world = try await World(kind, publishing: territory, loop: LoopProtocol())
        try await world.returnHome(declared: [DeclaredProfessional(role: .nurse, rpps: Staff.nurses[3])])
        let followUp = try world.followUp("visit")
        world.clock.set(World.start.adding(minutes: 10))
        let away = Absence(from: world.clock.now, to: world.clock.now.adding(days: 3), replacement: try RPPS(substitute))
        try await declare(away, of: Staff.nurses[3], world)
        try await world.plan()
        #expect(try world.waves(of: followUp) == [[Staff.nurses[3]], [substitute]])
        let asked = try world.followUp("visit")
        #expect(asked.assignment?.basis == .declared && asked.assignment?.reason == "declared-absent")
        #expect(asked.pendingOffers.map(\.until) == [world.clock.now.adding(minutes: 60)])
    }

    /// So does who stands in for somebody who takes part in the pathway already.
    @Test func whoStandsInForAPartakerIsAskedFirst() async throws {
        var territory = SmallTerritory()
        let substitute = Staff.rpps(30)
        territory.people.append(.init(rpps: substitute, role: "nurse", communes: []))
        let look = LoopProtocol.rule("look", role: "nurse", ", trigger: alert-sign")
        let world = try await World(publishing: territory, loop: LoopProtocol(more: [look]))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        try await declare(
            Absence(from: world.clock.now, to: world.clock.now.adding(days: 3), replacement: try RPPS(substitute)),
            of: nurse,
            world
        )
        let alert = PathwayDesk.Step.reportAlert(.fever, at: world.clock.now, followUp: nil, called: [], note: nil)
        _ = try await PathwayDesk(coordinator: world.coordinator)
            .perform(alert, on: world.pathway(), by: try world.caller(Staff.referent), key: RequestKey(key: "alert", body: []))
        try await world.plan()
        let asked = try world.followUp("look")
        #expect(asked.assignment?.basis == .circle && asked.assignment?.alone == 1)
        #expect(asked.pendingOffers.map(\.to) == [substitute])
    }

    /// Nobody was on duty; somebody is back, and is asked without anybody asking for it.
    @Test(arguments: LogKind.allCases)
    func whoComesBackIsAsked(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol())
        for nurse in Staff.nurses { try await declare(Absence(from: World.start, to: World.start.adding(days: 3)), of: nurse, world) }
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        #expect(followUp.assignment?.reason == "nobody-on-duty")
        world.clock.set(World.start.adding(minutes: 10))
        let caller = try world.caller(Staff.referent)
        _ = try await AbsenceDesk(coordinator: world.coordinator)
            .end(absenceFrom: World.start, of: Staff.nurses[2], at: world.clock.now, by: caller, key: RequestKey(key: "back", body: []))
        try await world.plan()
        #expect(try world.waves(of: followUp) == [[], [Staff.nurses[2]]])
    }

    @Test(arguments: LogKind.allCases)
    func aNewDirectoryIsAskedFromAtOnce(kind: LogKind) async throws {
        var territory = SmallTerritory()
        territory.people.removeAll { $0.role == "nurse" }
        let world = try await World(kind, publishing: territory, loop: LoopProtocol())
        try await world.returnHome()
        #expect(try world.followUp("visit").assignment?.reason == "nobody-covers-commune")
        var more = SmallTerritory()
        more.version = 2
        _ = try await TerritoryPublisher(coordinator: world.coordinator).publish(territory: more.yaml, file: "test", by: world.author)
        try await world.plan()
        #expect(try world.followUp("visit").pendingOffers.count == 2)
    }

    /// A protocol that is published right after it makes nobody overlook it.
    @Test func anAbsenceIsSeenBesideAPublication() async throws {
        let world = try await World(loop: LoopProtocol())
        try await world.returnHome(declared: [DeclaredProfessional(role: .nurse, rpps: Staff.nurses[3])])
        try await declare(Absence(from: world.clock.now, to: world.clock.now.adding(days: 3)), of: Staff.nurses[3], world)
        _ = try await TerritoryPublisher(coordinator: world.coordinator)
            .publish(protocol: LoopProtocol(version: 2, waveSize: 1).yaml, file: "loop", by: world.author)
        try await world.plan()
        #expect(try lapsed(world, "V1").count == 1)
    }

    /// One that cannot be read holds up no other, and is parked by whoever meets its timer.
    @Test func aPathwayThatCannotBeReadHoldsUpNoOther() async throws {
        let world = try await World(loop: LoopProtocol())
        let visits = (1...4).map { "V\($0)" }
        for visit in visits { try await world.returnHome(visit, declared: [DeclaredProfessional(role: .nurse, rpps: Staff.nurses[3])]) }
        try await world.spoil("V2")
        try await declare(Absence(from: world.clock.now, to: world.clock.now.adding(days: 3)), of: Staff.nurses[3], world)
        let store = try world.store()
        try await world.catchUp(world.follower(store))
        for visit in visits where visit != "V2" { #expect(try lapsed(world, visit).count == 1) }
        while try await world.scheduler(store).fireDue() > 0 {}
        #expect(try store.parkedSequences(of: PlannerReactor.name) == [world.pathway("V2")])
    }

    /// Six press the button at once: one more round is asked, not six.
    @Test(arguments: LogKind.allCases)
    func askingAgainWhileSomebodyIsAskedAsksNobodyMore(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol(waveSize: 7))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        try await world.run(until: World.start.adding(minutes: 60))
        #expect(try world.waves(of: followUp).count == 2)
        for _ in 1...3 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...6 { group.addTask { try await world.act(.solicitAgain, on: followUp, by: Staff.referent) } }
                try await group.waitForAll()
            }
            try await world.plan()
        }
        #expect(try world.waves(of: followUp).count == 3)
        #expect(try world.count(SolicitationRestarted.type) == 1)
    }
}
