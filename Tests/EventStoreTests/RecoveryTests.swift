import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// The log after its disk failed. Failures of a real disk under a real process are in `ops/checks/faults.py`.
@Suite struct RecoveryTests {
    let make = Maker(seed: 5)
    let directory: TemporaryDirectory
    let clock = ManualClock()
    let gate = PauseGate()

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open() throws -> SQLiteEventLog {
        try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", time: clock.source, pause: gate.pause))
    }

    private func append(_ log: SQLiteEventLog, _ number: UInt64 = 1) async throws -> AppendOutcome {
        try await log.append(AppendRequest(writes: [make.write(stream(number))]))
    }

    /// Makes the writer's connection refuse to write, as SQLite does on a file system that became read-only.
    private func fail(_ log: SQLiteEventLog) throws {
        try log.withWriterConnection { try $0.execute("PRAGMA query_only = ON") }
    }

    private func moveAway(_ isAway: Bool) throws {
        let (here, there) = (directory.log, "\(directory.path)/elsewhere")
        try FileManager.default.moveItem(atPath: isAway ? here : there, toPath: isAway ? there : here)
    }

    // MARK: The log

    @Test func `a failed writer refuses at once, tells why, and resumes by itself`() async throws {
        let log = try open()
        _ = try await append(log)
        let epoch = log.epoch
        var news = log.healthChanges().makeAsyncIterator()
        #expect(await news.next() == .accepting)
        try fail(log)
        #expect(await code { _ = try await append(log) } == .storageUnavailable)
        guard case .refusing(let since, let reason, 0) = await news.next() else {
            Issue.record("no word of the failure")
            return
        }
        #expect(since == clock.now)
        #expect(reason.code == .storageUnavailable)
        // Nothing is queued for later: a sender that repeats is better off than one that hangs.
        #expect(await code { _ = try await append(log) } == .storageUnavailable)
        #expect(log.waitingRequests == 0)
        #expect(try log.read(after: 0, limit: 9).count == 1)

        async let next = log.nextCommit(after: 1)
        await gate.pass()
        #expect(await news.next() == .accepting)
        #expect(log.health.isAccepting)
        #expect(log.epoch == epoch + 1)
        #expect(try await append(log).position == 2)
        #expect(try await next == 2)
        #expect(try log.synchronous() == 2)
        #expect(try log.verify().isSound)
        await log.close()
        guard case .closed = await news.next() else {
            Issue.record("no word of the end")
            return
        }
        #expect(await news.next() == nil)
    }

    @Test func `before anything is accepted the write-ahead log is moved and starts over`() async throws {
        let log = try open()
        for number in 1...50 as ClosedRange<UInt64> { _ = try await append(log, number) }
        let before = try Data(contentsOf: URL(fileURLWithPath: directory.log + "-wal"))
        try fail(log)
        _ = try? await append(log)
        var news = log.healthChanges().makeAsyncIterator()
        _ = await news.next()
        await gate.pass()
        #expect(await news.next() == .accepting)
        // Bytes 16 to 23 are the salt, which changes when the log starts over; what follows is the raised epoch alone.
        let after = try Data(contentsOf: URL(fileURLWithPath: directory.log + "-wal"))
        #expect(before[16..<24] != after[16..<24])
        #expect(after.count < 3 * 4120 && before.count > 50 * 4120)
        await log.close()
    }

    @Test func `attempts go on, slower and slower, until the file is there again`() async throws {
        let log = try open()
        _ = try await append(log)
        try fail(log)
        try moveAway(true)
        #expect(await code { _ = try await append(log) } == .storageUnavailable)
        for _ in 0..<6 { await gate.pass() }
        await gate.reached()
        #expect(gate.pauses == [100, 200, 400, 800, 1000, 1000, 1000])
        guard case .refusing(_, _, attempts: 6) = log.health else {
            Issue.record("\(log.health)")
            return
        }
        #expect(await code { _ = try log.synchronous() } == .storageUnavailable)
        try moveAway(false)
        var news = log.healthChanges().makeAsyncIterator()
        _ = await news.next()
        await gate.pass()
        #expect(await news.next() == .accepting)
        #expect(try await append(log).position == 2)
        await log.close()
    }

    @Test func `a full disk refuses all, keeps nothing, and passes`() async throws {
        let log = try open()
        _ = try await append(log)
        try log.withWriterConnection { connection in
            let pages = try connection.integer("PRAGMA page_count") ?? 0
            try connection.execute("PRAGMA max_page_count = \(pages)")
        }
        let large = String(repeating: "x", count: 100_000)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let event = Maker(seed: UInt64(task + 70)).event(large)
                    let request = AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event])])
                    #expect(await code { _ = try await log.append(request) } == .diskFull)
                }
            }
        }
        #expect(try log.head().position == 1)
        var news = log.healthChanges().makeAsyncIterator()
        guard case .refusing(_, let reason, _) = await news.next() else {
            Issue.record("\(log.health)")
            return
        }
        #expect(reason.code == .diskFull)
        await gate.pass()
        #expect(await news.next() == .accepting)
        #expect(try await append(log).position == 2)
        #expect(try log.verify().isSound)
        await log.close()
    }

    @Test func `closing amid a recovery releases the directory`() async throws {
        let log = try open()
        try fail(log)
        _ = try? await append(log)
        await gate.reached()
        await log.close()
        #expect(await code { _ = try await append(log) } == .closed)
        let next = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test"))
        await gate.pass()
        #expect(try await next.append(AppendRequest(writes: [make.write(stream(1))])).position == 1)
        await next.close()
    }

    // MARK: What must not resume

    @Test func `a log taken over meanwhile stays closed`() async throws {
        let log = try open()
        try fail(log)
        _ = try? await append(log)
        let other = try Connection(path: directory.log, access: .writing)
        _ = try StoredHead.raiseEpoch(on: other)
        var news = log.healthChanges().makeAsyncIterator()
        _ = await news.next()
        await gate.pass()
        guard case .closed(let reason) = await news.next() else {
            Issue.record("\(log.health)")
            return
        }
        #expect(reason.code == .ownedByAnother)
        #expect(await code { _ = try await append(log) } == .ownedByAnother)
        #expect(await code { _ = try await log.nextCommit(after: 9) } == .ownedByAnother)
        await log.close()
    }

    @Test func `a log replaced by an older copy never resumes`() async throws {
        let log = try open()
        _ = try await append(log)
        let older = try TemporaryDirectory()
        _ = try LogBackup(of: directory.path).backUp(to: older.path)
        _ = try await append(log)
        try fail(log)
        _ = try? await append(log)
        // Same epoch, older content.
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: directory.log + suffix) }
        try FileManager.default.copyItem(atPath: older.log, toPath: directory.log)
        for _ in 1..<20 { await gate.pass() }
        await gate.reached()
        guard case .refusing(_, let reason, attempts: 19) = log.health else {
            Issue.record("\(log.health)")
            return
        }
        #expect(reason.code == .corrupted)
        var news = log.healthChanges().makeAsyncIterator()
        _ = await news.next()
        await gate.pass()
        guard case .closed(let last) = await news.next() else {
            Issue.record("\(log.health)")
            return
        }
        #expect(last.code == .corrupted)
        #expect(await code { _ = try await append(log) } == .corrupted)
        await log.close()
    }

    // MARK: The pure part

    private static func point() -> ResumePoint { ResumePoint(acknowledged: MerkleFrontier(), epoch: 4) }

    @Test(arguments: [
        (EventStoreError.Code.storageUnavailable, EventStoreError.Code.storageUnavailable), (.diskFull, .diskFull),
        (.corrupted, .storageUnavailable), (.durabilityLowered, .storageUnavailable),
    ])
    func `whatever the reason, callers are told to repeat`(reason: EventStoreError.Code, refusal: EventStoreError.Code) {
        let recovery = Recovery(since: clock.now, reason: EventStoreError(reason, "why."), point: Self.point())
        #expect(recovery.refusal.code == refusal)
        #expect(recovery.pause == 100)
    }

    @Test(arguments: [EventStoreError.Code.ownedByAnother, .wrongLog, .schemaTooNew])
    func `some failures are final`(code: EventStoreError.Code) {
        var recovery = Recovery(since: clock.now, reason: EventStoreError(.storageUnavailable, ""), point: Self.point())
        let error = EventStoreError(code, "")
        #expect(recovery.failed(with: error) == .close(error))
    }

    @Test func `damage that comes and goes is not final`() {
        var recovery = Recovery(since: clock.now, reason: EventStoreError(.storageUnavailable, ""), point: Self.point())
        for attempt in 1...100 {
            let step = recovery.failed(with: EventStoreError(attempt % 19 == 0 ? .storageUnavailable : .corrupted, ""))
            #expect(step == .retry(afterMilliseconds: attempt < 4 ? 100 << Int64(attempt) : 1000))
        }
    }

    @Test func `an epoch is ours if we may have written it`() {
        var point = Self.point()
        #expect(point.epochs == 4...4)
        point.willRaise(from: 4)
        #expect(point.epochs == 4...5)
        // The raise that failed turned out to be kept, and the next one fails too.
        point.willRaise(from: 5)
        #expect(point.epochs == 4...6)
    }
}
