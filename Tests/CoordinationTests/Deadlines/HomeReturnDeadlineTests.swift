import Coordination
import EventStore
import Foundation
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// A home return that nobody confirms, as a deadline.
@Suite struct HomeReturnDeadlineTests {
    private func missing(_ world: World, _ visit: String = "V1") throws -> [FollowUp] {
        try world.state(visit).followUps.filter(\.plan.becauseHomeReturnMissing)
    }

    @Test(arguments: LogKind.allCases)
    func aMissingHomeReturnFiresOnceAtItsLimit(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        try await world.run(until: World.homeReturnLimit.adding(milliseconds: -1))
        #expect(try missing(world).isEmpty)

        let store = try world.store()
        let scheduler = world.scheduler(store)
        world.clock.set(World.homeReturnLimit)
        #expect(try await scheduler.fireDue() == 1)
        let followUp = try #require(try missing(world).first)
        #expect(followUp.plan.rule.description == "plain-home-discharge/confirm-home-return")
        #expect(followUp.plan.role == .referent)
        #expect(followUp.assignment?.reason == "referent-role")

        let head = try world.head()
        #expect(try await scheduler.fireDue() == 0)
        // Nor when the follower has come by its own way to set the timer again.
        try await world.catchUp(world.follower(store))
        _ = try await scheduler.fireDue()
        #expect(try world.head() == head)
        try await world.run(until: World.homeReturnLimit.adding(days: 3))
        #expect(try missing(world).count == 1)
    }

    /// 48 hours during which no timer was looked at, with or without a planner that had seen the discharge.
    @Test(arguments: LogKind.allCases, [true, false])
    func anOutageDelaysAndLosesNothing(kind: LogKind, hadSeenTheDischarge: Bool) async throws {
        let world = try await World(kind)
        try await world.admit()
        try await world.discharge()
        if hadSeenTheDischarge { try await world.plan() }
        let back = World.homeReturnLimit.adding(hours: 48)
        world.clock.set(back)

        let store = try world.store()
        if !hadSeenTheDischarge { try await world.catchUp(world.follower(store, world.anotherCoordinator())) }
        _ = try await world.scheduler(store, world.anotherCoordinator()).fireDue()
        let found = try missing(world)
        #expect(found.count == 1)
        let followUp = try #require(found.first)
        // The window is that of the discharge, so it is late, and the list says so at any instant.
        #expect(followUp.plan.dueFrom == World.homeReturnLimit)
        #expect(followUp.plan.dueBy == at("2026-11-18T23:59:59+01:00"))
        #expect(!followUp.isLate(at: followUp.plan.dueBy))
        #expect(followUp.isLate(at: back))
        let head = try world.head()
        _ = try await world.scheduler(store).fireDue()
        try await world.plan()
        #expect(try world.head() == head)
    }

    @Test(arguments: LogKind.allCases, [true, false])
    func aHomeReturnConfirmedMeanwhileIsNotAskedFor(kind: LogKind, followerHasSeenIt: Bool) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        let store = try world.store()
        let behind = world.anotherCoordinator()
        _ = try behind.loader.pathway(world.pathway())
        let key = RequestKey(key: "k", body: [])
        _ = try await HospitalDesk(coordinator: world.coordinator)
            .perform(
                .confirmHomeReturn(at: World.start.adding(hours: 3), .phoneCallPatient),
                on: world.pathway(),
                by: try world.caller(Staff.referent),
                key: key
            )
        if followerHasSeenIt { try await world.catchUp(world.follower(store)) }
        world.clock.set(World.homeReturnLimit.adding(hours: 1))
        while try await world.scheduler(store, behind).fireDue() > 0 {}
        #expect(try missing(world).isEmpty)
        try await world.run(until: World.homeReturnLimit.adding(days: 2))
        #expect(try missing(world).isEmpty)
    }

    @Test(arguments: LogKind.allCases)
    func aCancelledDischargeIsNotWaitedFor(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        try await world.cancel(.discharge, "V1-out")
        let store = try world.store()
        try await world.catchUp(world.follower(store))
        world.clock.set(World.homeReturnLimit)
        #expect(try await world.scheduler(store).fireDue() == 0)
        #expect(try missing(world).isEmpty)
    }

    @Test func confirmingEndsWhatWasAskedFor() async throws {
        let world = try await World()
        try await world.returnHome()
        world.clock.set(World.homeReturnLimit)
        try await world.scheduler(try world.store()).fireDue()
        let step = HospitalDesk.Step.confirmHomeReturn(at: World.homeReturnLimit, .phoneCallFamily)
        _ = try await HospitalDesk(coordinator: world.coordinator)
            .perform(step, on: world.pathway(), by: try world.caller(Staff.referent), key: RequestKey(key: "k", body: []))
        #expect(try missing(world).map(\.status) == [.done])
        #expect(try missing(world).map(\.outcome) == [.alreadyDone])
    }

    @Test(arguments: LogKind.allCases)
    func timersSurviveARestart(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        world.clock.set(World.homeReturnLimit)
        let restarted = world.scheduler(try world.store(), world.anotherCoordinator())
        #expect(try await restarted.fireDue() == 1)
        #expect(try missing(world).count == 1)
        // After a crash between the append and the timer's end it fires again, to no effect.
        let head = try world.head()
        try await FollowUpPlanner(coordinator: world.anotherCoordinator())
            .reconcile(world.pathway(), causedBy: nil, step: "home-return@\(World.homeReturnLimit.millisecondsSinceEpoch)")
        #expect(try world.head() == head)
    }

    /// More than one look takes at once.
    @Test func allThatIsDueIsFiredBeforeThePause() async throws {
        let world = try await World()
        for number in 1...70 {
            try await world.admit("V\(number)")
            try await world.discharge("V\(number)")
        }
        try await world.plan()
        world.clock.set(World.homeReturnLimit)
        await world.scheduler(try world.store()).run(
            pause: { throw CancellationError() },
            report: { Issue.record("\($0)") }
        )
        let planned = try (1...70).map { try missing(world, "V\($0)").count }
        #expect(planned == Array(repeating: 1, count: 70))
    }

    @Test(arguments: LogKind.allCases)
    func troubleIsReportedAndTriedAgain(kind: LogKind) async throws {
        let world = try await World(kind)
        try await world.returnHome()
        world.clock.set(World.homeReturnLimit)
        await world.log.close()
        let reports = Mutex<[EventStoreError.Code?]>([])
        await world.scheduler(try world.store(), world.anotherCoordinator()).run(
            pause: { if reports.withLock({ $0.count }) == 3 { throw CancellationError() } },
            report: { error in reports.withLock { $0.append((error as? EventStoreError)?.code) } }
        )
        #expect(reports.withLock { $0 } == [.closed, .closed, .closed])
    }
}
