import Coordination
import EventStore
import Foundation
import Pathways
import Synchronization
import TestSupport
import Testing
import Timekeeping

/// What the passing of time makes happen: each missed step once, in order, whatever ran or did not run meanwhile.
@Suite struct DeadlineSchedulerTests {
    private static let steps =
        "[{afterDueMinutes: 0, target: owner}, {afterDueMinutes: 300, target: dischargingUnit}, "
        + "{afterDueMinutes: 720, target: referent}]"
    /// J0+2d of a discharge on Monday: the end of Wednesday.
    private static let due = at("2026-11-18T23:59:59+01:00")

    private func world(_ kind: LogKind = .memory) async throws -> World {
        let world = try await World(kind, loop: LoopProtocol(escalation: Self.steps))
        try await world.returnHome()
        return world
    }

    /// As they are due, one after another, for days.
    private func oneByOne(until end: Instant) async throws -> [World.Passed] {
        let world = try await world()
        try await world.run(until: end)
        return try world.passed()
    }

    @Test func escalationFollowsTheProtocolAndGoesOn() async throws {
        let passed = try await oneByOne(until: Self.due.adding(days: 4)).filter { $0.what == "escalated" }
        let minutes: [Int64] = [0, 300, 720, 720 + 1_440, 720 + 3 * 1_440]
        #expect(passed == minutes.enumerated().map { World.Passed(what: "escalated", at: Self.due.adding(minutes: $1), number: $0) })
    }

    @Test(arguments: LogKind.allCases)
    func whoIsToldIsWhoTheStepNames(kind: LogKind) async throws {
        let world = try await world(kind)
        let followUp = try world.followUp("visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        try await world.run(until: Self.due.adding(days: 1))
        let told = try world.events().compactMap { if case .followUpEscalated(let body) = $0 { body.to } else { nil } }
        #expect(told == [[nurse], [Staff.unitContact], [Staff.referent]])
        #expect(try world.followUp("visit").owner == .professional(nurse))
    }

    /// The process dies after each commit that it can die after.
    @Test(arguments: LogKind.allCases)
    func aRestartAtAnyMomentChangesNothing(kind: LogKind) async throws {
        let end = Self.due.adding(days: 2)
        let world = try await world(kind)
        while world.clock.now < end {
            let store = try world.store()
            let deadlines = SQLiteDeadlineStore(store: store)
            guard let next = try deadlines.next(), next <= end else { break }
            world.clock.set(max(next, world.clock.now))
            // Another process each time: nothing remembered but the file.
            _ = try await world.scheduler(store, world.anotherCoordinator()).fireDue()
        }
        #expect(try await world.passed() == oneByOne(until: end))
    }

    /// Nothing ran for two days; what was missed is found in order, and nothing twice.
    @Test(arguments: LogKind.allCases, [0, 1, 30])
    func anOutageOf48HoursIsCaughtUp(kind: LogKind, hoursBefore: Int64) async throws {
        let world = try await world(kind)
        let begin = Self.due.adding(hours: -hoursBefore)
        try await world.run(until: begin)
        let before = try world.passed()
        world.clock.set(begin.adding(hours: 48))
        let store = try world.store()
        while try await world.scheduler(store, world.anotherCoordinator()).fireDue() > 0 {}
        let caughtUp = try world.passed()
        #expect(Array(caughtUp.prefix(before.count)) == before)
        #expect(caughtUp == caughtUp.sorted { $0.at < $1.at })
        #expect(Set(caughtUp).count == caughtUp.count)
        let expected = try await oneByOne(until: begin.adding(hours: 48)).filter { $0.what == "escalated" }
        #expect(caughtUp.filter { $0.what == "escalated" } == expected)

        let head = try world.head()
        #expect(try await world.scheduler(store, world.anotherCoordinator()).fireDue() == 0)
        try await world.plan()
        #expect(try world.head() == head)
    }

    /// The offers of one wave lapse at their own time, and the next wave begins when somebody can be asked: now.
    @Test(arguments: LogKind.allCases)
    func afterAnOutageTheNextWaveHasItsFullTime(kind: LogKind) async throws {
        let world = try await world(kind)
        let back = World.start.adding(hours: 10)
        world.clock.set(back)
        _ = try await world.scheduler(try world.store(), world.anotherCoordinator()).fireDue()
        #expect(try world.passed() == [World.Passed(what: "lapsed", at: World.start.adding(minutes: 30), number: 1)])
        #expect(Set(try world.followUp("visit").pendingOffers.map(\.until)) == [back.adding(minutes: 30)])
    }

    /// The clock is set wrong by an hour, and right again. What was done is not done twice, and nothing is left out.
    @Test(arguments: [Int64(-60), 60], [Int64(-90), -10, 0, 10])
    func aClockThatJumpsRepeatsAndLosesNothing(jump: Int64, around: Int64) async throws {
        let end = Self.due.adding(days: 2)
        let world = try await world()
        let moment = Self.due.adding(minutes: around)
        try await world.run(until: moment)
        let wrong = moment.adding(minutes: jump)
        for minutes in stride(from: Int64(0), through: 120, by: 20) {
            world.clock.set(wrong.adding(minutes: minutes))
            let store = try world.store()
            _ = try await world.scheduler(store).fireDue()
            try await world.plan()
        }
        world.clock.set(moment.adding(minutes: 120))
        try await world.run(until: end)
        #expect(try await world.passed().filter { $0.what == "escalated" } == oneByOne(until: end).filter { $0.what == "escalated" })
        #expect(Set(try world.passed()).count == (try world.passed().count))
    }

    /// The days of 25 and of 23 hours: a window of days ends with the local day, a step that many minutes later.
    @Test(arguments: [
        (discharge: "2026-10-23T15:00:00+02:00", due: "2026-10-25T23:59:59+01:00"),
        (discharge: "2026-10-25T01:30:00+02:00", due: "2026-10-27T23:59:59+01:00"),
        (discharge: "2027-03-26T15:00:00+01:00", due: "2027-03-28T23:59:59+02:00"),
        (discharge: "2027-03-28T01:30:00+01:00", due: "2027-03-30T23:59:59+02:00"),
    ])
    func daysOf25And23HoursCountAsDays(discharge: String, due: String) async throws {
        let world = try await World(loop: LoopProtocol(escalation: Self.steps))
        world.clock.set(at(discharge))
        try await world.admit("V1", patient: "P", at: at(discharge).adding(days: -3))
        try await world.discharge("V1", patient: "P", at: at(discharge))
        try await world.plan()
        #expect(try world.followUp("visit").plan.dueBy == at(due))
        try await world.run(until: at(due).adding(hours: 13))
        let escalated = try world.passed().filter { $0.what == "escalated" }.map(\.at)
        #expect(escalated == [0, 300, 720].map { at(due).adding(minutes: $0) })
    }

    // MARK: - What a crash leaves behind

    enum Loss: CaseIterable {
        /// After the command was durable and before its timer was set anew.
        case timerNotMoved
        /// The whole of `reactors.sqlite`.
        case reactors
    }

    @Test(arguments: LogKind.allCases, Loss.allCases)
    func timersAreMadeAgainFromTheLog(kind: LogKind, loss: Loss) async throws {
        let end = Self.due.adding(days: 2)
        let world = try await world(kind)
        try await world.run(until: Self.due.adding(hours: 1))
        switch loss {
        case .timerNotMoved:
            // The timer that rang at the first step is still there.
            let store = try world.store()
            let deadlines = SQLiteDeadlineStore(store: store)
            let timer = try #require(try deadlines.due(at: end, limit: 1, excluding: []).first)
            try deadlines.replace(timer, by: Self.due, asOf: timer.version)
        case .reactors:
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: world.reactors + suffix) }
        }
        let head = try world.head()
        let store = try world.store()
        try await world.catchUp(world.follower(store, world.anotherCoordinator()), pageSize: 3)
        while try await world.scheduler(store, world.anotherCoordinator()).fireDue() > 0 {}
        #expect(try world.head() == head)
        #expect(try SQLiteDeadlineStore(store: store).next() == Self.due.adding(minutes: 300))
        try await world.run(until: end)
        #expect(try await world.passed() == oneByOne(until: end))
    }

    /// A follower that gets every page over and over, while deadlines pass.
    @Test(arguments: LogKind.allCases)
    func aFollowerThatRepeatsEveryPageDoesNothingTwice(kind: LogKind) async throws {
        let end = Self.due.adding(hours: 6)
        let world = try await world(kind)
        while let next = try SQLiteDeadlineStore(store: try world.store()).next(), next <= end {
            world.clock.set(max(next, world.clock.now))
            let store = try world.store()
            _ = try await world.scheduler(store).fireDue()
            let follower = world.follower(store, world.anotherCoordinator())
            let events = try world.recorded()
            for start in stride(from: 0, to: events.count, by: 2) {
                let page = Array(events[start..<min(start + 2, events.count)])
                let checkpoint = FollowerCheckpoint(position: 0, epoch: world.log.epoch)
                for _ in 1...2 { try await follower.handle(EventPage(events: page, checkpoint: checkpoint)) }
            }
        }
        #expect(try await world.passed() == oneByOne(until: end))
        #expect(try world.count(FollowUpsPlanned.type) == 1)
    }

    /// Two schedulers and a follower at once.
    @Test(arguments: LogKind.allCases)
    func severalAtOnceDoEachThingOnce(kind: LogKind) async throws {
        let world = try await world(kind)
        for visit in ["V2", "V3", "V4"] { try await world.returnHome(visit) }
        for next in [World.start.adding(minutes: 30), Self.due, Self.due.adding(minutes: 300)] {
            world.clock.set(next)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 1...3 {
                    let store = try world.store()
                    group.addTask { _ = try await world.scheduler(store, world.anotherCoordinator()).fireDue() }
                }
                group.addTask { try await world.plan() }
                try await group.waitForAll()
            }
        }
        for visit in ["V1", "V2", "V3", "V4"] {
            let passed = try world.passed(visit)
            #expect(Set(passed).count == passed.count)
            #expect(passed.filter { $0.what == "escalated" }.map(\.number) == [0, 1])
        }
    }

    // MARK: - Closing

    @Test(arguments: LogKind.allCases)
    func aPathwayInWhichNothingIsLeftCloses(kind: LogKind) async throws {
        let world = try await World(kind, loop: LoopProtocol(closesAfterDays: 10))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        let nurse = try #require(followUp.pendingOffers.first?.to)
        try await world.act(.accept, on: followUp, by: nurse)
        let seen = World.start.adding(hours: 3)
        world.clock.set(seen)
        try await world.act(.complete(at: seen, .done, note: nil), on: followUp, by: nurse)
        try await world.run(until: seen.adding(days: 10).adding(milliseconds: -1))
        #expect(try world.passed().isEmpty)
        try await world.run(until: seen.adding(days: 11))
        #expect(try world.passed() == [World.Passed(what: "closed", at: seen.adding(days: 10), number: 0)])
        #expect(try world.state().status == .closed)
        #expect(try SQLiteDeadlineStore(store: try world.store()).next() == nil)
    }

    /// A protocol that is published anew may close pathways earlier.
    @Test func rulesThatChangeSetTheTimersAnew() async throws {
        let world = try await World(loop: LoopProtocol(closesAfterDays: 30))
        try await world.returnHome()
        let followUp = try world.followUp("visit")
        try await world.act(.accept, on: followUp, by: Staff.referent)
        try await world.act(.complete(at: World.start, .done, note: nil), on: followUp, by: Staff.referent)
        try await world.run(until: World.start.adding(hours: 1))
        var loop = LoopProtocol(closesAfterDays: 5)
        loop.version = 2
        try await world.publish(SmallTerritory(), loop: loop)
        try await world.run(until: World.start.adding(days: 6))
        #expect(try world.passed().map(\.at) == [World.start.adding(days: 5)])
    }

    // MARK: - Trouble

    @Test(arguments: LogKind.allCases)
    func aPathwayThatCannotBeReadHoldsUpNoOther(kind: LogKind) async throws {
        let world = try await world(kind)
        for visit in ["V2", "V3"] { try await world.returnHome(visit) }
        for visit in ["V1", "V2"] { try await world.spoil(visit) }
        world.clock.set(World.start.adding(minutes: 30))
        let store = try world.store()
        let scheduler = world.scheduler(store, world.anotherCoordinator())
        #expect(try await scheduler.fireDue() == 3)
        #expect(try world.events("V3").contains { if case .offersLapsed = $0 { true } else { false } })
        #expect(Set(try store.parked(of: nil, sequence: nil).map(\.sequence)) == [world.pathway("V1"), world.pathway("V2")])
        #expect(try await scheduler.fireDue() == 0)
    }
}
