import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// What only the log on disk can do, or suffer.
@Suite struct SQLiteEventLogTests {
    let make = Maker(seed: 3)
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func open(identity: String = "test", sealer: any PayloadSealer = PlainSealer()) throws -> SQLiteEventLog {
        try SQLiteEventLog.open(.init(directory: directory.path, identity: identity, sealer: sealer))
    }

    /// A connection as any other program would have, without our settings.
    private func foreignConnection() throws -> Connection {
        try Connection(path: directory.log, access: .writing)
    }

    // MARK: Durability

    @Test func `the writer reads back WAL and FULL`() async throws {
        let log = try open()
        let (journal, synchronous) = try log.withWriterConnection { connection in
            (try connection.text("PRAGMA journal_mode"), try connection.integer("PRAGMA synchronous"))
        }
        #expect(journal == "wal")
        #expect(synchronous == 2)
        await log.close()
    }

    @Test(arguments: ["PRAGMA synchronous = NORMAL", "PRAGMA synchronous = OFF", "PRAGMA journal_mode = DELETE"])
    func `a connection whose durability was lowered is refused`(lowering: String) throws {
        let error = #expect(throws: EventStoreError.self) {
            _ = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test")) { try $0.execute(lowering) }
        }
        #expect(error?.code == .durabilityLowered)
    }

    @Test func `what was appended is there after reopening`() async throws {
        let first = try open()
        _ = try await first.append(AppendRequest(writes: [make.write(stream(1), .noStream, count: 5), make.write(stream(2), .noStream)]))
        let head = try first.head()
        await first.close()
        await first.close()

        let second = try open()
        #expect(try second.head().rootHash == head.rootHash)
        #expect(second.epoch == first.epoch + 1)
        let outcome = try await second.append(AppendRequest(writes: [make.write(stream(1), .exactly(5)), make.write(stream(3), .noStream)]))
        #expect(outcome.position == 8)
        #expect(try second.verify().isSound)
        await second.close()
    }

    @Test func `a cancelled task's append is recorded and answered`() async throws {
        let log = try open()
        let write = make.write(stream(1), .noStream)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await log.append(AppendRequest(writes: [write]))
        }
        #expect(try await task.value.position == 1)
        #expect(try log.version(of: stream(1)) == 1)
        await log.close()
    }

    // MARK: Append-only

    @Test(arguments: [
        "UPDATE event SET type = 'x'", "DELETE FROM event", "UPDATE attachment SET bytes = x''", "DELETE FROM attachment",
        "UPDATE stream SET name = zeroblob(16)", "DELETE FROM stream", "DELETE FROM head", "UPDATE head SET position = 0, tree_size = 0",
        "UPDATE head SET epoch = 0",
    ])
    func `the database itself refuses changes`(statement: String) async throws {
        let log = try open()
        let event = make.event(attachment: [1])
        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .any, events: [event])]))
        await log.close()
        let connection = try foreignConnection()
        #expect(throws: EventStoreError.self) { try connection.execute(statement) }
        #expect(try SQLiteEventLog.openReadOnly(directory: directory.path).verify().isSound)
    }

    // MARK: Ownership

    @Test func `a directory has one owner`() async throws {
        let log = try open()
        let error = #expect(throws: EventStoreError.self) { _ = try open() }
        #expect(error?.code == .ownedByAnother)
        #expect(error?.facts.processID == ProcessInfo.processInfo.processIdentifier)
        await log.close()
        let next = try open()
        await next.close()
    }

    @Test func `a writer of an older epoch is fenced off`() async throws {
        let log = try open()
        _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream)]))
        _ = try StoredHead.raiseEpoch(on: foreignConnection())
        let error = await #expect(throws: EventStoreError.self) {
            _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .exactly(1))]))
        }
        #expect(error?.code == .ownedByAnother)
        #expect(error?.facts.epoch == log.epoch + 1)
        #expect(try log.head().position == 1)
        #expect(await code { _ = try await log.append(AppendRequest(writes: [make.write(stream(2))])) } == .ownedByAnother)
        await log.close()
    }

    @Test func `a log is opened as what it is`() async throws {
        #expect(await code { _ = try SQLiteEventLog.openReadOnly(directory: directory.path) } == .notALog)
        let strict = SQLiteEventLog.Configuration(directory: directory.path, identity: "test", createsIfMissing: false)
        #expect(await code { _ = try SQLiteEventLog.open(strict) } == .notALog)
        await (try open()).close()
        #expect(await code { _ = try open(identity: "other") } == .wrongLog)
        #expect(await code { _ = try open(identity: "") } == .invalidRequest)
        try foreignConnection().execute("UPDATE meta SET value = '99' WHERE name = 'schema'")
        #expect(await code { _ = try open() } == .schemaTooNew)
        try Data("not a database, but long enough to be taken for one by a careless reader".utf8).write(to: URL(fileURLWithPath: directory.log))
        #expect(await code { _ = try open() } == .corrupted)
    }

    @Test func `a reader sees what another connection appends`() async throws {
        let log = try open()
        let reader = try SQLiteEventLog.openReadOnly(directory: directory.path, pause: { await Task.yield() })
        #expect(try reader.head().position == 0)
        #expect(reader.identity == "test")
        async let next = reader.nextCommit(after: 0)
        _ = try await log.append(AppendRequest(writes: [make.write(stream(1), .noStream, count: 2)]))
        #expect(try await next == 2)
        #expect(try reader.read(after: 0, limit: 9) == log.read(after: 0, limit: 9))
        reader.close()
        #expect(await code { _ = try reader.head() } == .closed)
        await log.close()
    }

    // MARK: Trouble

    @Test func `neighbours of a request that fails half-way are recorded`() async throws {
        let log = try open()
        let taken = make.event()
        _ = try await log.append(AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .noStream, events: [taken])]))
        let refused = try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<40 {
                group.addTask {
                    let make = Maker(seed: UInt64(task + 300))
                    let events = task % 5 == 0 ? [make.event(), taken] : [make.event(), make.event()]
                    let command = CommandKey(scope: "s", key: "\(task)", body: [], match: .keyAlone)
                    let writes = [StreamWrite(stream: stream(UInt64(task + 10)), expected: .noStream, events: events)]
                    return await code { _ = try await log.append(AppendRequest(command: command, writes: writes)) } == .duplicateEventID
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused == 8)
        #expect(try log.head().position == 65)
        #expect(try log.command(scope: "s", key: "5") == nil)
        #expect(try log.command(scope: "s", key: "6") != nil)
        #expect(try log.verify().isSound)
        await log.close()
    }

    @Test func `a database held by another for too long is a typed error`() async throws {
        let log = try open()
        try log.withWriterConnection { try $0.execute("PRAGMA busy_timeout = 1") }
        let other = try foreignConnection()
        try other.execute("BEGIN IMMEDIATE")
        let write = make.write(stream(1), .noStream)
        #expect(await code { _ = try await log.append(AppendRequest(writes: [write])) } == .storageUnavailable)
        other.rollBack()
        _ = try await log.append(AppendRequest(writes: [write]))
        await log.close()
    }

    // MARK: Speed

    @Test func `no hot statement walks a table`() async throws {
        await (try open()).close()
        let connection = try foreignConnection()
        for sql in Queries.hot {
            let plan = try connection.prepare("EXPLAIN QUERY PLAN \(sql)")
            while try plan.step() {
                let step = plan.string(3)
                #expect(!step.hasPrefix("SCAN") || step == "SCAN CONSTANT ROW", "\(step) in \(sql)")
                #expect(!step.contains("TEMP B-TREE"), "\(step) in \(sql)")
            }
        }
    }

    @Test func `those who wait together share a commit`() async throws {
        let log = try open()
        // The writer is held until all 64 have asked; then it needs one commit, or two if it saw the first alone.
        let commits = try await withThrowingTaskGroup(of: Void.self) { group in
            let counter = CommitCounter()
            try log.withWriterConnection { counter.watch($0) }
            let gate = WriterGate(log)
            for task in 0..<64 {
                group.addTask {
                    _ = try await log.append(AppendRequest(writes: [Maker(seed: UInt64(task + 500)).write(stream(UInt64(task)))]))
                }
            }
            try await gate.open(whenWaiting: 64)
            try await group.waitForAll()
            return counter.count
        }
        #expect(1...2 ~= commits)
        #expect(try log.head().position == 64)
        await log.close()
    }

    @Test func `the write-ahead log does not grow without end under load`() async throws {
        let log = try open()
        let payload = String(repeating: "x", count: 200_000)
        for number in 0..<420 {
            let event = make.event(payload)
            _ = try await log.append(
                AppendRequest(writes: [StreamWrite(stream: stream(1), expected: .exactly(Int64(number)), events: [event])])
            )
        }
        // 84 MB were written; without checkpoints all of them would be in the write-ahead log.
        let size = try FileManager.default.attributesOfItem(atPath: directory.log + "-wal")[.size] as? Int ?? 0
        #expect(size < 80_000_000)
        await log.close()
    }
}
