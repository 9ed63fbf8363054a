import Coordination
import EventStore
import Foundation
import Pathways
import TestSupport
import Testing
import Timekeeping

@Suite struct PlannerRecoveryTests {
    /// What a process that dies leaves behind.
    enum Loss: CaseIterable {
        /// After its commands were durable and before its checkpoint was.
        case beforeCheckpoint
        /// The whole of `reactors.sqlite`, after it had caught up.
        case reactors
    }

    @Test(arguments: LogKind.allCases, Loss.allCases)
    func aCrashAndASecondRunPlanNothingTwice(kind: LogKind, loss: Loss) async throws {
        let world = try await World(kind)
        for visit in ["V1", "V2", "V3"] {
            try await world.admit(visit)
            try await world.discharge(visit)
        }
        switch loss {
        case .beforeCheckpoint:
            // The first page's commands reach the log, and its checkpoint a file that is lost.
            let doomed = "\(world.directory.path)/doomed.sqlite"
            let follower = world.follower(try SQLiteReactorStore(path: doomed))
            let page = try #require(try await world.nextPage(of: follower))
            try await follower.handle(page)
            #expect(try await world.follower(try world.store()).loadCheckpoint() == .start)
        case .reactors:
            try await world.plan()
            try FileManager.default.removeItem(atPath: world.reactors)
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.reactors + suffix) }
        }
        let head = try world.head()
        let planned = try ["V1", "V2", "V3"].map { try world.state($0).followUps }
        #expect(planned.allSatisfy { $0.count == 4 })

        // Another process: nothing remembered, the same log.
        let store = try world.store()
        let follower = world.follower(store, world.anotherCoordinator())
        try await world.catchUp(follower, pageSize: 2)
        #expect(try world.head() == head)
        #expect(try ["V1", "V2", "V3"].map { try world.state($0).followUps } == planned)
        #expect(try await follower.loadCheckpoint().position == head)
        // The timers are back too.
        world.clock.set(World.homeReturnLimit)
        #expect(try await world.scheduler(store, world.anotherCoordinator()).fireDue() == 3)
        let missing = try ["V1", "V2", "V3"].flatMap { try world.state($0).followUps.filter(\.plan.becauseHomeReturnMissing) }
        #expect(missing.count == 3)
    }

    /// The key alone decides: a page that comes again after the work was undone by others does not do it again.
    @Test(arguments: LogKind.allCases)
    func aPageThatComesAgainFindsItsWorkDone(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        try await world.discharge()
        let follower = world.follower(try world.store())
        let page = try #require(try await world.nextPage(of: follower))
        for _ in 1...3 { try await follower.handle(page) }
        #expect(try world.count(FollowUpsPlanned.type) == 1)
        #expect(try world.count(OffersMade.type) == 1)
        let cause = try #require(page.events.last)
        #expect(
            try world.coordinator.precedent(of: CommandKey(scope: "follow-up-planner", key: "\(cause.id)/reconcile", body: [], match: .keyAlone))
                != .none
        )
    }

    @Test(arguments: LogKind.allCases)
    func twoPlannersAtOncePlanOnce(kind: LogKind) async throws {
        let world = try await World(kind)
        for number in 1...8 {
            try await world.admit("V\(number)")
            try await world.discharge("V\(number)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...3 {
                let store = try SQLiteReactorStore(path: "\(world.directory.path)/reactors-\(number).sqlite")
                group.addTask { try await world.catchUp(world.follower(store, world.anotherCoordinator()), pageSize: 4) }
            }
            try await group.waitForAll()
        }
        for number in 1...8 { #expect(try world.state("V\(number)").followUps.count == 4) }
        #expect(try world.count(FollowUpsPlanned.type) == 8)
        #expect(try world.count(OffersMade.type) == 8)
    }

    /// The follower is woken by the commit, perhaps before whoever committed has told the cache.
    @Test(arguments: LogKind.allCases)
    func aDischargeThatTheCacheDoesNotKnowIsPlanned(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.admit()
        let behind = world.anotherCoordinator()
        #expect(try behind.loader.pathway(world.pathway()).state.status == .admitted)
        try await world.discharge()
        let store = try world.store()
        try await world.catchUp(world.follower(store, behind))
        #expect(try world.state().followUps.count == 4)
        world.clock.set(World.homeReturnLimit)
        #expect(try await world.scheduler(store).fireDue() == 1)
    }

    @Test(arguments: LogKind.allCases)
    func aPathwayThatCannotBeReadIsParkedAndOthersGoOn(kind: LogKind) async throws {
        let world = try await World(kind)
        for visit in ["V1", "V2", "V3"] {
            try await world.admit(visit)
            try await world.discharge(visit)
        }
        try await world.spoil("V2")
        let spoilt = try world.head()
        let store = try world.store()
        let follower = world.follower(store, world.anotherCoordinator())
        try await world.catchUp(follower)

        #expect(try ["V1", "V3"].map { try world.state($0).followUps.count } == [4, 4])
        let parked = try store.parked(of: nil, sequence: nil)
        #expect(parked.map(\.sequence) == [world.pathway("V2")])
        #expect(parked.first?.problem.contains("event \(spoilt) (\(FollowUpNoted.type))") == true)
        #expect(try await follower.loadCheckpoint().position == world.head())
        #expect(try world.count(FollowUpsPlanned.type) == 2)
    }

    @Test(arguments: LogKind.allCases)
    func withoutATerritoryThePlannerWaits(kind: LogKind) async throws {
        let world = try await World(kind, publishing: nil)
        try await world.admit()
        try await world.discharge()
        let follower = world.follower(try world.store())
        let page = try #require(try await world.nextPage(of: follower))
        await #expect(throws: CoordinationError.noTerritory) { try await follower.handle(page) }
        #expect(try await follower.loadCheckpoint() == .start)
        #expect(try world.state().followUps.isEmpty)

        try await world.publish(SmallTerritory())
        try await world.catchUp(follower)
        #expect(try world.state().followUps.count == 4)
    }

    /// The same behind its runner: the pause after the failure is when the territory is published.
    @Test(arguments: LogKind.allCases)
    func theRunnerTriesAgainAfterThePublication(kind: LogKind) async throws {
        let world = try await World(kind, publishing: nil)
        try await world.admit()
        try await world.discharge()
        let heartbeat: Int64 = 777_777
        let surroundings = FollowerRunner.Surroundings(time: world.clock.source, random: { 0 }) { milliseconds in
            guard milliseconds != heartbeat else { return try await Task.sleep(for: .seconds(3_600)) }
            try await world.publish(SmallTerritory())
        }
        let runner = FollowerRunner(world.follower(try world.store()), of: world.log, heartbeat: heartbeat, surroundings: surroundings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            while true {
                let head = try world.head()
                if try world.count(OffersMade.type) > 0 { break }
                _ = try await world.log.nextCommit(after: head)
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(runner.status.lastError == "CoordinationError")
        #expect(try world.state().followUps.count == 4)
    }

    @Test func aLaterEpochKeepsItsCheckpoint() async throws {
        let world = try await World()
        try await world.admit()
        let follower = world.follower(try world.store())
        let events = try world.recorded()
        let latest = FollowerCheckpoint(position: 2, epoch: 5)
        try await follower.handle(EventPage(events: [], checkpoint: latest))
        try await follower.handle(EventPage(events: events, checkpoint: FollowerCheckpoint(position: 9, epoch: 4)))
        #expect(try await follower.loadCheckpoint() == latest)
    }
}
