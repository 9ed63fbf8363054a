import Coordination
import EventStore
import Foundation
import Synchronization
import Testing
import Timekeeping

/// What `/readyz` is told of the deadline scheduler.
@Suite struct DeadlineRunnerTests {
    private struct Broken: Error {}

    /// Fails when it is told to.
    private final class Deadlines: DeadlineStore {
        private let inner = InMemoryDeadlineStore()
        private let fails = Mutex(false)

        func fail(_ fails: Bool) { self.fails.withLock { $0 = fails } }

        func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) { inner.set(due, for: stream, asOf: version) }
        func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) { inner.replace(timer, by: due, asOf: version) }
        func timers(after stream: StreamID?, limit: Int) -> [PathwayTimer] { inner.timers(after: stream, limit: limit) }
        func next() -> Instant? { inner.next() }
        func ringAll(at instant: Instant) { inner.ringAll(at: instant) }

        func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) throws -> [PathwayTimer] {
            if fails.withLock({ $0 }) { throw Broken() }
            return inner.due(at: instant, limit: limit, excluding: excluded)
        }
    }

    /// Runs it for some looks, a second apart, and gives its health after each.
    private func health(
        of house: House,
        _ deadlines: Deadlines,
        looks: Int,
        after look: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws
        -> (during: [String?], later: String?)
    {
        let (clock, log) = (house.clock, house.log)
        let folder = FileManager.default.temporaryDirectory.appending(path: "relais-deadlines-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try SQLiteReactorStore(path: folder.appending(path: "reactors.sqlite").path) { _ in }
        let scheduler = DeadlineScheduler(planner: house.planner, deadlines: deadlines, parking: store, time: clock.source)
        let seen = Mutex<[String?]>([])
        let judge: @Sendable (DeadlineRunner) throws -> String? = { runner in
            let report = FollowerReport(status: runner.status, parked: 0, reportedAt: clock.now)
            return try FollowerHealth.evaluate([report], expecting: [DeadlineRunner.name: .other], log: log, now: clock.now).first?.problem
        }
        let held = Mutex<DeadlineRunner?>(nil)
        let surroundings = FollowerRunner.Surroundings(time: clock.source, random: { 0 }) { pause in
            let problem = try held.withLock { $0 }.flatMap(judge)
            let count = seen.withLock { seen in
                seen.append(problem)
                return seen.count
            }
            if count == looks { throw CancellationError() }
            look(count)
            clock.advance(milliseconds: pause)
        }
        let runner = DeadlineRunner(scheduler, of: log, surroundings: surroundings)
        held.withLock { $0 = runner }
        #expect(try judge(runner) == "has not started")
        await runner.run { _ in }
        let later = try judge(runner)
        return (seen.withLock { $0 }, later)
    }

    @Test func aStoppedOneIsSeen() async throws {
        let found = try await health(of: try await House(), Deadlines(), looks: 3)
        #expect(found.during == [nil, nil, nil])
        #expect(found.later == "has stopped")
    }

    @Test func oneThatOnlyFailsIsSeenWithinAMinute() async throws {
        let deadlines = Deadlines()
        let found = try await health(of: try await House(), deadlines, looks: 60) { look in
            if look == 5 { deadlines.fail(true) }
            if look == 40 { deadlines.fail(false) }
        }
        #expect(found.during.prefix(5).allSatisfy { $0 == nil })
        #expect(found.during[10]?.contains("failed") == true, "\(found.during)")
        #expect(found.during.suffix(10).allSatisfy { $0 == nil }, "it goes on by itself")
    }
}
