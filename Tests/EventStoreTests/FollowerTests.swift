import Synchronization
import Testing
import Timekeeping

@testable import EventStore

/// Keeps effect and checkpoint together, as a follower on a database does.
private final class RecordingFollower: Follower {
    struct State {
        var positions: [Int64] = []
        var checkpoint = FollowerCheckpoint.start
        var failuresLeft = 0
        var handledPages = 0
    }

    struct Failure: Error {}

    let name = "recorder"
    let state: Mutex<State>

    init(checkpoint: FollowerCheckpoint = .start, failures: Int = 0) {
        state = Mutex(State(checkpoint: checkpoint, failuresLeft: failures))
    }

    var positions: [Int64] { state.withLock { $0.positions } }
    var checkpoint: FollowerCheckpoint { state.withLock { $0.checkpoint } }

    func loadCheckpoint() async throws -> FollowerCheckpoint { checkpoint }

    func handle(_ page: EventPage) async throws {
        try state.withLock { state in
            if state.failuresLeft > 0 {
                state.failuresLeft -= 1
                throw Failure()
            }
            #expect(page.checkpoint.mayReplace(state.checkpoint))
            state.positions += page.events.map(\.position)
            state.checkpoint = page.checkpoint
            state.handledPages += 1
        }
    }
}

@Suite(.timeLimit(.minutes(5))) struct FollowerTests {
    let make = Maker(seed: 6)
    let log = InMemoryEventLog(identity: "test")

    private func runner(_ follower: RecordingFollower, sleep: @escaping @Sendable (Int64) async throws -> Void) -> FollowerRunner {
        let surroundings = FollowerRunner.Surroundings(time: .fixed(make.time), random: { 0 }, sleep: sleep)
        return FollowerRunner(follower, of: log, pageSize: 3, surroundings: surroundings)
    }

    /// A pause that ends only by cancellation.
    private static let forever: @Sendable (Int64) async throws -> Void = { _ in try await Task.sleep(for: .seconds(3600)) }

    private func append(_ count: Int) async throws {
        for _ in 0..<count { _ = try await log.append(AppendRequest(writes: [make.write(stream(1))])) }
    }

    private func reach(_ position: Int64, _ follower: RecordingFollower) async {
        while follower.checkpoint.position < position { await Task.yield() }
    }

    @Test func `a follower gets every event once, in order, and is woken by commits`() async throws {
        try await append(7)
        let follower = RecordingFollower()
        let runner = runner(follower, sleep: Self.forever)
        #expect(runner.status.state == .starting)
        let task = Task { try await runner.run() }
        await reach(7, follower)
        while runner.status.state != .waiting { await Task.yield() }
        #expect(runner.status.position == 7 && runner.status.heartbeat == make.time)
        #expect(runner.status.lag(behind: try log.head()) == 0)
        try await append(2)
        await reach(9, follower)
        task.cancel()
        try await task.value
        #expect(follower.positions == Array(1...9))
        #expect(follower.checkpoint == FollowerCheckpoint(position: 9, epoch: 1))
        #expect(runner.status.state == .stopped && runner.status.lastError == nil)
    }

    @Test func `a follower goes on at its checkpoint`() async throws {
        try await append(5)
        let follower = RecordingFollower(checkpoint: FollowerCheckpoint(position: 3, epoch: 1))
        let runner = runner(follower, sleep: Self.forever)
        let task = Task { try await runner.run() }
        await reach(5, follower)
        task.cancel()
        try await task.value
        #expect(follower.positions == [4, 5])
    }

    @Test func `failures are retried after growing pauses, and told`() async throws {
        try await append(4)
        let follower = RecordingFollower(failures: 4)
        let seen = Pauses()
        let runner = runner(follower) { milliseconds in
            // Heartbeats wait; back-offs are noted and over at once.
            if milliseconds == 5000 { try await Self.forever(milliseconds) }
            seen.add(milliseconds)
        }
        let task = Task { try await runner.run() }
        await reach(4, follower)
        task.cancel()
        try await task.value
        #expect(seen.all == [50, 100, 200, 400])
        #expect(follower.positions == [1, 2, 3, 4])
        #expect(runner.status.lastError == "Failure")
        #expect(runner.status.lastErrorAt == make.time)
    }

    @Test func `the runner shows life while there is nothing to do`() async throws {
        let follower = RecordingFollower()
        let beats = Pauses()
        let runner = runner(follower) { beats.add($0) }
        let task = Task { try await runner.run() }
        while beats.all.count < 3 { await Task.yield() }
        task.cancel()
        try await task.value
        #expect(beats.all.allSatisfy { $0 == 5000 })
    }

    @Test func `a checkpoint of a later epoch, or beyond the log, stops the follower`() async throws {
        try await append(1)
        let later = runner(RecordingFollower(checkpoint: FollowerCheckpoint(position: 1, epoch: 2)), sleep: Self.forever)
        #expect(await code { try await later.run() } == .ownedByAnother)
        #expect(later.status.state == .stopped && later.status.lastError != nil)
        let ahead = runner(RecordingFollower(checkpoint: FollowerCheckpoint(position: 2, epoch: 1)), sleep: Self.forever)
        #expect(await code { try await ahead.run() } == .checkpointAhead)
    }

    @Test func `a closed log stops the follower`() async throws {
        let follower = RecordingFollower()
        let runner = runner(follower, sleep: Self.forever)
        let task = Task { try await runner.run() }
        while runner.status.state != .waiting { await Task.yield() }
        await log.close()
        #expect(await code { try await task.value } == .closed)
    }

    @Test(arguments: [
        (FollowerCheckpoint(position: 5, epoch: 2), FollowerCheckpoint(position: 5, epoch: 2), true),
        (FollowerCheckpoint(position: 6, epoch: 2), FollowerCheckpoint(position: 5, epoch: 1), true),
        (FollowerCheckpoint(position: 6, epoch: 1), FollowerCheckpoint(position: 5, epoch: 2), false),
        (FollowerCheckpoint(position: 4, epoch: 2), FollowerCheckpoint(position: 5, epoch: 2), false),
    ])
    func `a checkpoint is replaced by later ones only`(new: FollowerCheckpoint, saved: FollowerCheckpoint, expected: Bool) {
        #expect(new.mayReplace(saved) == expected)
    }

    @Test(arguments: [(1, 100), (2, 200), (3, 400), (10, 1000), (1_000_000, 1000)] as [(Int, Int64)])
    func `pauses double up to a bound, with jitter`(failures: Int, nominal: Int64) {
        let backOff = BackOff(first: 100, longest: 1000)
        #expect(backOff.pause(afterFailures: failures, chance: 0) == nominal / 2)
        #expect(backOff.pause(afterFailures: failures, chance: UInt64(nominal / 2)) == nominal)
        #expect(backOff.pause(afterFailures: failures, chance: .max) <= nominal)
    }
}

private final class Pauses: Sendable {
    private let state = Mutex<[Int64]>([])
    var all: [Int64] { state.withLock { $0 } }
    func add(_ pause: Int64) { state.withLock { $0.append(pause) } }
}
