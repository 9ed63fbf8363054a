import Foundation
import GRDBSQLite
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// No byte of the file may change without `verify` saying so.
@Suite struct MutationTests {
    let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory()
        try await Self.fill(directory.path)
    }

    /// A log with something in every column of every table.
    private static func fill(_ path: String) async throws {
        let make = Maker(seed: 40)
        let log = try SQLiteEventLog.open(.init(directory: path, identity: "test", sealer: ShiftSealer()))
        for number in 0..<12 {
            let event = NewEvent(
                id: make.ids.next(),
                type: number % 2 == 0 ? "fr.relais.test.happened.v1" : "org.other",
                source: "urn:relais:test",
                time: make.time,
                actor: "urn:rpps:10003456789",
                causation: make.ids.next(),
                correlation: make.ids.next(),
                payload: Array("payload \(number)".utf8) + (number == 3 ? [UInt8](repeating: 7, count: 9000) : []),
                attachment: [1, 2, 3]
            )
            let writes = [StreamWrite(stream: stream(UInt64(number % 3)), expected: .any, events: [event])]
            for body in [[1], [1], [2]] as [[UInt8]] {
                let command = CommandKey(scope: "api", key: "\(number)", body: body, match: .keyAndBody)
                _ = try? await log.append(AppendRequest(command: command, writes: writes, answer: [1, 2]))
            }
        }
        await log.close()
        // All in one file, to be copied.
        try Connection(path: "\(path)/log.sqlite", access: .writing).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func verify(_ path: String) throws -> VerificationReport {
        try SQLiteEventLog.openReadOnly(directory: path).verify()
    }

    // MARK: Every byte of every column

    private static let rows: [(table: String, key: String, value: String)] = [
        ("event", "position", "5"), ("attachment", "position", "5"), ("stream", "id", "2"), ("command", "number", "3"),
        ("meta", "name", "'identity'"), ("meta", "name", "'schema'"), ("head", "one", "1"),
    ]

    @Test(arguments: rows.indices)
    func `every flipped byte in every column of a row is found`(row: Int) throws {
        let (table, key, value) = Self.rows[row]
        #expect(try verify(directory.path).isSound)
        for column in try columns(of: table) {
            for byte in Self.sample(of: try length(of: column, table, key, value)) {
                let copy = try copied()
                try Tampering.change(copy.log) { connection in
                    let update = try connection.prepare("UPDATE OR REPLACE \(table) SET \(column) = ?1 WHERE \(key) = \(value)")
                    try bindFlipped(column, table, key, value, byte, on: connection, to: update)
                    try update.run()
                    #expect(connection.changes == 1, "\(table).\(column) \(byte)")
                }
                expectFound(copy, "\(table).\(column), byte \(byte)")
            }
        }
    }

    private static let isLong = ProcessInfo.processInfo.environment["RELAIS_LONG"] != nil

    /// Every byte in the long run; otherwise the first, the last and some between.
    private static func sample(of length: Int) -> [Int] {
        isLong || length <= 8 ? Array(0..<length) : Array(stride(from: 0, to: length - 1, by: max(1, length / 4))) + [length - 1]
    }

    /// An error is an answer too: what counts is that nobody is told the log is sound.
    private func expectFound(_ copy: TemporaryDirectory, _ what: String) {
        guard let report = try? verify(copy.path) else { return }
        #expect(!report.isSound, "\(what) is not found")
    }

    private func columns(of table: String) throws -> [String] {
        let connection = try Connection(path: directory.log, access: .reading)
        let names = try connection.prepare("SELECT name FROM pragma_table_info('\(table)')")
        var columns: [String] = []
        while try names.step() { columns.append(names.string(0)) }
        return columns
    }

    private func length(of column: String, _ table: String, _ key: String, _ value: String) throws -> Int {
        let connection = try Connection(path: directory.log, access: .reading)
        let row = try connection.prepare("SELECT \(column) FROM \(table) WHERE \(key) = \(value)")
        #expect(try row.step())
        switch row.type(0) {
        case SQLITE_INTEGER: return 8
        case SQLITE_TEXT: return row.text(0).count
        default: return row.blob(0).count
        }
    }

    private func bindFlipped(
        _ column: String,
        _ table: String,
        _ key: String,
        _ value: String,
        _ byte: Int,
        on connection: Connection,
        to update: Statement
    ) throws {
        let row = try connection.prepare("SELECT \(column) FROM \(table) WHERE \(key) = \(value)")
        guard try row.step() else { return }
        defer { row.reset() }
        switch row.type(0) {
        case SQLITE_INTEGER:
            update.bind(1, row.int64(0) ^ 1 << Int64(8 * byte + byte % 8))
        case SQLITE_TEXT:
            var bytes = Array(row.text(0))
            // Stays text: the lowest bits of ASCII.
            bytes[byte] ^= 1
            update.bind(1, copying: String(decoding: bytes, as: UTF8.self))
        default:
            var bytes = Array(row.blob(0))
            bytes[byte] ^= 1 << UInt8(byte % 8)
            update.bind(1, copying: bytes)
        }
    }

    private func copied() throws -> TemporaryDirectory {
        let copy = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: directory.log, toPath: copy.log)
        return copy
    }

    // MARK: Whole rows, and what is around them

    @Test(arguments: [
        "DELETE FROM command WHERE number = 3",
        "DELETE FROM command WHERE number = 12",
        "INSERT INTO command SELECT number + 90, randomblob(16), scope, request_hash, lasting, position, recorded_at, answer, answer_stream, "
            + "answer_key, repeats, reuses, row_hash FROM command WHERE number = 3",
        "UPDATE command SET number = number + 1000; UPDATE command SET number = CASE number WHEN 1003 THEN 4 WHEN 1004 THEN 3 ELSE number - 1000 END",
        "INSERT INTO stream(id, name) VALUES (4, randomblob(16))",
        "INSERT INTO stream(id, name) VALUES (-1, randomblob(16))",
        "INSERT INTO meta(name, value, row_hash) VALUES ('x', 'y', zeroblob(16))",
        "DELETE FROM meta WHERE name = 'identity'",
        "DELETE FROM head",
        "INSERT INTO event SELECT -position, randomblob(16), stream, version + 100, type, source, occurred_at, occurred_offset, recorded_at, actor, "
            + "causation, correlation, key_id, attachment_hash, leaf_hash, payload FROM event WHERE position = 4",
        "INSERT INTO attachment(position, bytes) VALUES (0, x'00')",
        "INSERT INTO attachment(position, bytes) VALUES (13, x'00')",
        "DROP TRIGGER event_no_update",
        "DROP TRIGGER head_only_forward",
        "DROP INDEX command_by_digest",
        "CREATE INDEX extra ON event(type)",
        "CREATE TABLE extra(x)",
        "DROP TRIGGER stream_no_delete; CREATE TRIGGER stream_no_delete BEFORE DELETE ON stream BEGIN SELECT 1; END",
    ])
    func `added, removed and exchanged rows, tables and triggers are found`(statements: String) throws {
        let connection = try Connection(path: directory.log, access: .writing)
        if statements.hasPrefix("DELETE FROM head") { try connection.execute("DROP TRIGGER head_no_delete") }
        try connection.execute("PRAGMA ignore_check_constraints = ON; \(statements)")
        if statements.hasPrefix("DELETE FROM head") { try connection.execute(Schema.headTriggers[0]) }
        expectFound(directory, statements)
    }

    @Test func `the head of an earlier time is found`() async throws {
        let copy = try copied()
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 41).write(stream(0))]))
        await log.close()
        try Tampering.change(directory.log) { connection in
            try connection.execute(
                "ATTACH '\(copy.log)' AS old; DELETE FROM head; INSERT INTO head SELECT * FROM old.head; DETACH old"
            )
        }
        #expect(try verify(directory.path).problems.contains { $0.column == "event.position" && $0.position == 13 })
    }

    @Test(arguments: [
        ("command_by_digest", "UPDATE command SET digest = randomblob(16) WHERE number = 3"),
        ("command_by_digest", "DELETE FROM command WHERE number = 3"),
        ("command_repeated", "UPDATE command SET repeats = 0 WHERE number = 3"),
        ("command_reused", "UPDATE command SET scope = 'other' WHERE number = 3"),
    ])
    func `an index that does not hold its table's rows is found`(index: String, change: String) throws {
        try Tampering.change(directory.log) { connection in
            // SQLite forgets the index while the table is changed.
            try connection.execute("PRAGMA writable_schema = ON; CREATE TEMP TABLE kept AS SELECT rowid AS row, * FROM sqlite_schema")
            try connection.execute("DELETE FROM sqlite_schema WHERE name = '\(index)'; PRAGMA writable_schema = RESET")
            try connection.execute(change)
            try connection.execute("PRAGMA writable_schema = ON; DELETE FROM sqlite_schema")
            try connection.execute("INSERT INTO sqlite_schema SELECT type, name, tbl_name, rootpage, sql FROM temp.kept ORDER BY row")
            try connection.execute("PRAGMA writable_schema = RESET")
        }
        #expect(try verify(directory.path).problems.contains { $0.column == "storage" && $0.detail.contains("index \(index) ") })
    }

    // MARK: Pages

    /// All rows of all tables, what made them, and all entries of all indexes.
    private func content(_ path: String) -> [String]? {
        guard let connection = try? Connection(path: path, access: .reading) else { return nil }
        let tables = ["event", "attachment", "stream", "command", "head", "meta", "sqlite_schema"].map { "* FROM \($0)" }
        let indexes = [
            "id, rowid FROM event INDEXED BY sqlite_autoindex_event_1 ORDER BY id",
            "stream, version, rowid FROM event INDEXED BY sqlite_autoindex_event_2 ORDER BY stream, version",
            "name, rowid FROM stream INDEXED BY sqlite_autoindex_stream_1 ORDER BY name",
            "digest, rowid FROM command INDEXED BY command_by_digest ORDER BY digest",
            "scope, rowid FROM command INDEXED BY command_repeated WHERE repeats > 0 ORDER BY scope, rowid",
            "scope, rowid FROM command INDEXED BY command_reused WHERE reuses > 0 ORDER BY scope, rowid",
        ]
        return try? (tables + indexes).map { source in
            let rows = try connection.prepare("SELECT \(source)")
            var text = ""
            while try rows.step() {
                for column in 0..<Int32(16) { text += "\(rows.type(column)):\(Hex.encode(rows.blob(column)))," }
            }
            return text
        }
    }

    @Test func `a flipped byte anywhere in the file is found, or changes nothing`() throws {
        let original = try Data(contentsOf: URL(fileURLWithPath: directory.log))
        let expected = try #require(content(directory.log))
        let seed: UInt64 = 7
        let random = SeededRandom(seed: seed)
        let rounds = Self.isLong ? 20_000 : 150
        var found = 0
        for _ in 0..<rounds {
            let offset = Int(random.next() % UInt64(original.count))
            let copy = try TemporaryDirectory()
            var bytes = original
            bytes[offset] ^= 1 << UInt8(random.next() % 8)
            try bytes.write(to: URL(fileURLWithPath: copy.log))
            if let report = try? verify(copy.path), report.isSound {
                #expect(content(copy.log) == expected, "seed \(seed): the byte at \(offset) changed something, and verify found nothing")
            } else {
                found += 1
            }
        }
        #expect(found > rounds / 10, "seed \(seed): the file is not as full as this test takes it to be")
    }

    @Test func `a truncated file is found`() throws {
        let original = try Data(contentsOf: URL(fileURLWithPath: directory.log))
        for length in [0, 100, 4095, 4096, original.count / 2, original.count - 4096, original.count - 1] {
            let copy = try TemporaryDirectory()
            try original.prefix(length).write(to: URL(fileURLWithPath: copy.log))
            expectFound(copy, "cut to \(length) bytes")
        }
    }

    // MARK: Growth

    @Test func `growth since a kept state is proven`() async throws {
        let reader = try SQLiteEventLog.openReadOnly(directory: directory.path)
        let kept = try reader.head().tree
        let empty = TreeHead(size: 0, rootHash: MerkleTree.emptyRoot)
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 41).write(stream(0), count: 3)]))
        let newer = try log.head().tree
        #expect(try log.verify(against: [newer, kept, empty]).isSound)
        await log.close()
    }

    @Test func `a smaller log is told from another history`() async throws {
        let head = try SQLiteEventLog.openReadOnly(directory: directory.path).head().tree
        let reader = try SQLiteEventLog.openReadOnly(directory: directory.path)
        let larger = TreeHead(size: head.size + 1, rootHash: head.rootHash)
        #expect(try reader.verify(against: [head, larger]).problems.map(\.column) == ["checkpoint.size"])

        let other = try TemporaryDirectory()
        let log = try SQLiteEventLog.open(.init(directory: other.path, identity: "test", sealer: ShiftSealer()))
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 42).write(stream(0), count: 20)]))
        let report = try log.verify(against: [head])
        #expect(report.problems.map(\.column) == ["checkpoint.root_hash"])
        await log.close()
    }
}
