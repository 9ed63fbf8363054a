import Synchronization
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// A killed, stuck, slow or failing follower is not ready within a minute, and says why.
@Suite struct FollowerHealthTests {
    private static let start = Instant(millisecondsSinceEpoch: 1_795_336_200_000)
    private static let head = LogHead(position: 100, rootHash: Hash256.of([]), epoch: 1)

    private static func status(_ state: FollowerStatus.State, position: Int64 = 100, heartbeat: Instant? = start) -> FollowerStatus {
        var status = FollowerStatus(name: "planner", kind: .reactor)
        status.state = state
        status.position = position
        status.heartbeat = heartbeat
        return status
    }

    private static func later(_ seconds: Int64) -> Instant { start.adding(milliseconds: seconds * 1_000) }

    private static func judge(
        _ status: FollowerStatus,
        parked: Int64 = 0,
        reportedAt: Instant,
        pendingSince: Instant? = nil,
        now: Instant
    ) throws -> FollowerHealth {
        let reports = [FollowerReport(status: status, parked: parked, reportedAt: reportedAt)]
        let health = FollowerHealth.evaluate(
            reports,
            expecting: ["planner": .reactor],
            head: head,
            firstPending: pendingSince.map { ["planner": $0] } ?? [:],
            now: now
        )
        return try #require(health.first)
    }

    @Test func oneThatFollowsIsReady() throws {
        let waiting = try Self.judge(Self.status(.waiting), reportedAt: Self.later(4), now: Self.later(5))
        #expect(waiting.isReady && waiting.lag == 0 && waiting.oldestPending == nil && waiting.heartbeat == 5_000)
        let behind = try Self.judge(Self.status(.running, position: 90), reportedAt: Self.start, pendingSince: Self.start, now: Self.later(5))
        #expect(behind.isReady && behind.lag == 10 && behind.oldestPending == 5_000)
    }

    @Test func oneThatNeverReportedIsMissed() throws {
        let health = try #require(
            FollowerHealth.evaluate([], expecting: ["planner": .reactor], head: Self.head, firstPending: [:], now: Self.start).first
        )
        #expect(!health.isReady && health.lag == 100 && health.kind == .reactor)
    }

    @Test func aKilledOneIsSeenWithinAMinute() throws {
        // Its last row was written at the start; nothing writes any more.
        let status = Self.status(.waiting)
        #expect(try Self.judge(status, reportedAt: Self.start, now: Self.later(20)).isReady)
        let health = try Self.judge(status, reportedAt: Self.start, now: Self.later(60))
        #expect(health.problem == "has not reported for 60 s: nobody runs it")
    }

    @Test func aStuckOneIsSeenWithinAMinute() throws {
        var status = Self.status(.running, position: 90)
        status.handling = .init(first: 91, last: 95, since: Self.start)
        // Its process is alive and reports, and the runner gives no sign of life.
        func health(_ seconds: Int64) throws -> FollowerHealth {
            try Self.judge(status, reportedAt: Self.later(seconds), pendingSince: Self.start, now: Self.later(seconds))
        }
        #expect(try health(25).isReady && health(25).handling == 25_000)
        #expect(try health(60).problem == "has been busy with events 91 to 95 for 60 s")
    }

    @Test func aSlowOneIsSeenWithinAMinute() throws {
        // It lives, and works on pages of an instant, and never gets there.
        let now = Self.later(60)
        let slow = Self.status(.running, position: 40, heartbeat: now)
        let health = try Self.judge(slow, reportedAt: now, pendingSince: Self.start, now: now)
        #expect(health.problem == "is 60 events behind, the oldest recorded 60 s ago")
        #expect(try Self.judge(slow, reportedAt: now, pendingSince: Self.later(50), now: now).isReady)
    }

    @Test func aFailingOneSaysWhy() throws {
        var status = Self.status(.backingOff(failures: 3), position: 90)
        status.lastError = "Failure"
        let health = try Self.judge(status, reportedAt: Self.later(2), pendingSince: Self.start, now: Self.later(2))
        #expect(health.problem == "has failed 3 times in a row: Failure")
        status.state = .backingOff(failures: 1)
        #expect(try Self.judge(status, reportedAt: Self.later(2), pendingSince: Self.start, now: Self.later(2)).isReady)
        #expect(try !Self.judge(status, reportedAt: Self.later(60), pendingSince: Self.start, now: Self.later(60)).isReady)
    }

    @Test func aStoppedAndAParkedOneSaySo() throws {
        var stopped = Self.status(.stopped)
        stopped.lastError = "closed: the log"
        #expect(try Self.judge(stopped, reportedAt: Self.start, now: Self.start).problem == "has stopped: closed: the log")
        let parked = try Self.judge(Self.status(.waiting), parked: 2, reportedAt: Self.start, now: Self.start)
        #expect(parked.problem == "has parked 2 events" && parked.parked == 2)
        #expect(try Self.judge(Self.status(.starting, heartbeat: nil), reportedAt: Self.start, now: Self.start).problem == "has not started")
        let silent = try Self.judge(Self.status(.waiting), reportedAt: Self.later(50), now: Self.later(50))
        #expect(silent.problem == "has given no sign of life for 50 s")
    }

    /// The same through a runner and a reporter on a virtual clock: a follower that never returns from a page.
    @Test(.timeLimit(.minutes(5))) func aPageThatNeverEndsIsReportedFromOutside() async throws {
        let clock = ManualClock()
        let log = InMemoryEventLog(identity: "test", time: clock.source)
        let make = Maker()
        for _ in 0..<3 { _ = try await log.append(AppendRequest(writes: [make.write(stream(1))])) }
        let surroundings = FollowerRunner.Surroundings(time: clock.source, random: { 0 }) { _ in try await Task.sleep(for: .seconds(3_600)) }
        let stuck = StuckFollower()
        let runner = FollowerRunner(stuck, of: log, surroundings: surroundings)
        let store = KeptReports()
        let reporter = FollowerReporter([.init(status: { runner.status })], store: store, surroundings: surroundings)
        let task = Task { try await runner.run() }
        while runner.status.handling == nil { await Task.yield() }
        func problem() throws -> String? {
            try FollowerHealth.evaluate(try reporter.reports(), expecting: ["stuck": .other], log: log, now: clock.now).first?.problem
        }
        #expect(try problem() == nil)
        clock.set(clock.now.millisecondsSinceEpoch + 40_000)
        #expect(try problem() == "has been busy with events 1 to 3 for 40 s")
        task.cancel()
        try await task.value
        #expect(try problem() == "has stopped")
        // A cancelled reporter writes once more, so that others see what became of its followers.
        let reporting = Task { await reporter.run { Issue.record($0) } }
        while store.count == 0 { await Task.yield() }
        reporting.cancel()
        await reporting.value
        #expect(store.count == 2 && store.last?.status.state == .stopped)
    }
}

private struct StuckFollower: Follower {
    let name = "stuck"
    func loadCheckpoint() async throws -> FollowerCheckpoint { .start }
    func handle(_ page: EventPage) async throws { try await Task.sleep(for: .seconds(3_600)) }
}

private final class KeptReports: FollowerReportStore {
    private let state = Mutex<(rows: [FollowerReport], count: Int)>(([], 0))

    var count: Int { state.withLock { $0.count } }
    var last: FollowerReport? { state.withLock { $0.rows.last } }

    func write(_ reports: [FollowerReport]) throws {
        state.withLock { state in
            state.rows = reports
            state.count += 1
        }
    }

    func reports() throws -> [FollowerReport] { state.withLock { $0.rows } }
}
