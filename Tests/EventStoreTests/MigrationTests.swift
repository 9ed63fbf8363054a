import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// A log of the first release is opened, brought up to date, and goes on.
@Suite struct MigrationTests {
    /// The tables that schema 1 had otherwise.
    private static let versionOne = [
        "DROP TRIGGER head_no_delete", "DROP TRIGGER head_only_forward",
        "ALTER TABLE meta RENAME TO meta_2", "ALTER TABLE command RENAME TO command_2", "ALTER TABLE head RENAME TO head_2",
        "DROP INDEX command_by_digest", "DROP INDEX command_repeated", "DROP INDEX command_reused",
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        """
        CREATE TABLE command(
            number INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,
            scope TEXT NOT NULL,
            request_hash BLOB NOT NULL,
            lasting INTEGER NOT NULL,
            position INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            answer BLOB NOT NULL,
            answer_stream BLOB,
            answer_key TEXT,
            repeats INTEGER NOT NULL DEFAULT 0,
            reuses INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        "CREATE UNIQUE INDEX command_by_digest ON command(digest)",
        "CREATE INDEX command_repeated ON command(scope) WHERE repeats > 0",
        "CREATE INDEX command_reused ON command(scope) WHERE reuses > 0",
        """
        CREATE TABLE head(
            one INTEGER PRIMARY KEY CHECK (one = 1),
            position INTEGER NOT NULL,
            tree_size INTEGER NOT NULL CHECK (tree_size = position),
            root_hash BLOB NOT NULL,
            frontier BLOB NOT NULL,
            epoch INTEGER NOT NULL
        ) STRICT
        """,
        "INSERT INTO meta SELECT name, iif(name = 'schema', '1', value) FROM meta_2",
        """
        INSERT INTO command SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key,
            repeats, reuses FROM command_2
        """,
        "INSERT INTO head SELECT one, position, tree_size, root_hash, frontier, epoch FROM head_2",
        "DROP TABLE meta_2", "DROP TABLE command_2", "DROP TABLE head_2",
    ]

    /// A log of schema 1 with commands of every kind.
    private func makeVersionOne(_ directory: TemporaryDirectory) async throws -> LogHead {
        let make = Maker(seed: 50)
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        for number in 0..<300 {
            let key = "\(number % 250)"
            let command = CommandKey(scope: "api", key: key, body: [number > 270 ? 1 : 0], match: number % 3 == 0 ? .keyAlone : .keyAndBody)
            let request = AppendRequest(command: command, writes: [make.write(stream(UInt64(number % 7)))], answer: number % 2 == 0 ? [1] : [])
            _ = try? await log.append(request)
        }
        let head = try log.head()
        await log.close()
        let connection = try Connection(path: directory.log, access: .writing)
        for statement in Self.versionOne + Schema.headTriggers { try connection.execute(statement) }
        return head
    }

    @Test func `a log of schema 1 is brought up to date when it is opened for writing`() async throws {
        let directory = try TemporaryDirectory()
        let head = try await makeVersionOne(directory)
        // Readers of a log that its writer has not opened yet see all there is; only verify wants more.
        let reader = try SQLiteEventLog.openReadOnly(directory: directory.path)
        #expect(try reader.head() == head)
        #expect(try reader.command(scope: "api", key: "5") != nil || reader.command(scope: "api", key: "1") != nil)
        #expect(await code { _ = try reader.verify() } == .schemaTooOld)
        reader.close()

        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        #expect(try log.verify().problems == [])
        #expect(try log.head().rootHash == head.rootHash)
        #expect(try log.commandCounts(scope: "api").repeats > 0 && log.commandCounts(scope: "api").reuses > 0)
        let again = CommandKey(scope: "api", key: "1", body: [0], match: .keyAndBody)
        guard case .repeated = try await log.append(AppendRequest(command: again, writes: [])) else {
            Issue.record("the command of the old log is not known any more")
            return
        }
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 51).write(stream(1))]))
        #expect(try log.verify().problems == [])
        await log.close()
    }

    @Test func `a migration that fails leaves the log as it was`() async throws {
        let directory = try TemporaryDirectory()
        let head = try await makeVersionOne(directory)
        try Connection(path: directory.log, access: .writing).execute("CREATE TABLE command_before(x)")
        #expect(throws: EventStoreError.self) { try SQLiteEventLog.open(.init(directory: directory.path, identity: "test")) }
        try Connection(path: directory.log, access: .writing).execute("DROP TABLE command_before")
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        #expect(try log.head().rootHash == head.rootHash)
        #expect(try log.verify().problems == [])
        await log.close()
    }

    @Test func `a log that only says it is of schema 1 gets no fresh hashes`() async throws {
        let directory = try TemporaryDirectory()
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test"))
        await log.close()
        try Connection(path: directory.log, access: .writing).execute("UPDATE meta SET value = '1' WHERE name = 'schema'")
        #expect(await code { _ = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test")) } == .corrupted)
    }

    @Test func `a damaged command is not counted, and its neighbours are recorded`() async throws {
        let directory = try TemporaryDirectory()
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test"))
        let command = CommandKey(scope: "api", key: "1", body: [], match: .keyAndBody)
        _ = try await log.append(AppendRequest(command: command, writes: [Maker(seed: 52).write(stream(1))]))
        try Connection(path: directory.log, access: .writing).execute("UPDATE command SET position = 0")
        #expect(await code { _ = try await log.append(AppendRequest(command: command, writes: [])) } == .corrupted)
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 53).write(stream(2))]))
        #expect(try log.verify().problems.map(\.column) == ["command.row_hash", "head.command_sum"])
        await log.close()
    }
}
