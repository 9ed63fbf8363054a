import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// `verify` must find every byte that is not what the log wrote.
@Suite struct VerificationTests {
    let directory: TemporaryDirectory

    init() async throws {
        directory = try TemporaryDirectory()
        let make = Maker(seed: 4)
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        let ids = make.ids
        for number in 0..<10 {
            let event = NewEvent(
                id: ids.next(),
                type: "fr.relais.test.happened.v1",
                source: "urn:relais:test",
                time: make.time,
                actor: "urn:rpps:10003456789",
                causation: ids.next(),
                correlation: ids.next(),
                payload: Array("payload \(number)".utf8),
                attachment: [1, 2, 3]
            )
            let command = CommandKey(scope: "api", key: "\(number)", body: [], match: .keyAndBody)
            let writes = [StreamWrite(stream: stream(UInt64(number % 2)), expected: .any, events: [event])]
            _ = try await log.append(AppendRequest(command: command, writes: writes, answer: [1]))
        }
        await log.close()
    }

    private func tamper(_ statements: String...) throws {
        try Tampering.change(directory.log) { connection in
            for statement in statements {
                try connection.execute(statement)
                #expect(connection.changes > 0, "changed nothing: \(statement)")
            }
        }
    }

    private func verify() throws -> VerificationReport {
        try SQLiteEventLog.openReadOnly(directory: directory.path).verify()
    }

    @Test func `an untouched log is sound`() throws {
        var calls: [Int64] = []
        let report = try SQLiteEventLog.openReadOnly(directory: directory.path).verify { done, total in
            calls.append(done)
            #expect(total == 10)
        }
        #expect(report.isSound && report.problems.isEmpty)
        #expect(report.eventCount == 10 && report.head.position == 10)
        #expect(calls.last == 10)
    }

    @Test(arguments: [
        ("id", "CAST(x'5a' || substr(id, 2) AS BLOB)"),
        ("stream", "99"),
        ("stream", "3 - stream, version = 77"),
        ("version", "version + 100"),
        ("type", "'z' || substr(type, 2)"),
        ("source", "substr(source, 1, length(source) - 1) || 'z'"),
        ("occurred_at", "occurred_at + 1"),
        ("occurred_offset", "occurred_offset + 65536"),
        ("occurred_offset", "occurred_offset + 1"),
        ("recorded_at", "recorded_at + 1"),
        ("actor", "'z' || substr(actor, 2)"),
        ("actor", "NULL"),
        ("actor", "''"),
        ("causation", "CAST(x'5a' || substr(causation, 2) AS BLOB)"),
        ("causation", "NULL"),
        ("causation", "x'00'"),
        ("correlation", "CAST(x'5a' || substr(correlation, 2) AS BLOB)"),
        ("correlation", "causation"),
        ("key_id", "'z' || substr(key_id, 2)"),
        ("key_id", "NULL"),
        ("attachment_hash", "CAST(x'5a' || substr(attachment_hash, 2) AS BLOB)"),
        ("attachment_hash", "NULL"),
        ("leaf_hash", "CAST(x'5a' || substr(leaf_hash, 2) AS BLOB)"),
        ("leaf_hash", "x''"),
        ("payload", "CAST(x'5a' || substr(payload, 2) AS BLOB)"),
        ("payload", "CAST(payload || x'00' AS BLOB)"),
        ("payload", "x''"),
    ])
    func `a change in a column of an event is found`(column: String, expression: String) throws {
        try tamper("UPDATE event SET \(column) = \(expression) WHERE position = 4")
        let report = try verify()
        #expect(!report.isSound)
        #expect(report.problems.contains { $0.position == 4 }, "\(report.problems)")
    }

    @Test func `whether a row or its leaf hash was changed is told`() throws {
        try tamper("UPDATE event SET type = 'x' WHERE position = 4")
        #expect(try verify().problems.map(\.column) == ["event"])
    }

    @Test func `a changed leaf hash is told from a changed row`() throws {
        try tamper("UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 4")
        #expect(try verify().problems.map(\.column) == ["event.leaf_hash"])
    }

    @Test(arguments: [
        ("UPDATE event SET position = 40 WHERE position = 4", "event.position"),
        ("DELETE FROM attachment WHERE position = 4; DELETE FROM event WHERE position = 4", "event.position"),
        ("DELETE FROM attachment WHERE position = 10; DELETE FROM event WHERE position = 10", "event.position"),
        ("DELETE FROM attachment WHERE position > 5; DELETE FROM event WHERE position > 5", "event.position"),
        ("DELETE FROM attachment WHERE position = 4", "attachment.position"),
        ("UPDATE attachment SET bytes = x'00' WHERE position = 4", "attachment.bytes"),
        ("UPDATE stream SET name = zeroblob(16) WHERE id = 1", "event"),
        ("UPDATE stream SET name = x'00' WHERE id = 1", "event"),
        ("UPDATE event SET recorded_at = 1 WHERE position = 4", "event.recorded_at"),
        ("UPDATE event SET version = 100 WHERE position = 4", "event.version"),
        ("UPDATE head SET root_hash = zeroblob(32)", "head.root_hash"),
        ("UPDATE head SET frontier = zeroblob(64)", "head.frontier"),
        ("UPDATE head SET frontier = x''", "head.frontier"),
        ("UPDATE head SET position = 9, tree_size = 9", "event.position"),
        ("UPDATE head SET position = 11, tree_size = 11", "event.position"),
        ("UPDATE command SET position = 11 WHERE number = 3", "command.position"),
        ("UPDATE command SET digest = x'00' WHERE number = 3", "command.digest"),
        ("UPDATE command SET request_hash = x'00' WHERE number = 3", "command.request_hash"),
        ("UPDATE command SET answer_stream = NULL WHERE number = 3", "command.answer_stream"),
    ])
    func `damage to the whole is found`(statements: String, column: String) throws {
        try tamper(statements)
        let report = try verify()
        #expect(report.problems.contains { $0.column == column }, "\(report.problems)")
    }

    @Test func `an attachment that no event knows is found`() throws {
        try tamper("UPDATE event SET attachment_hash = NULL WHERE position = 4")
        #expect(try verify().problems.contains { $0.column == "attachment.position" && $0.position == 4 })
    }

    @Test func `two events that change places are found`() throws {
        try tamper(
            "UPDATE event SET position = 90 WHERE position = 4",
            "UPDATE event SET position = 4 WHERE position = 6",
            "UPDATE event SET position = 6 WHERE position = 90"
        )
        let report = try verify()
        #expect(report.problems.contains { $0.position == 4 } && report.problems.contains { $0.position == 6 })
    }

    @Test func `a log that does not hold together is not appended to`() async throws {
        try tamper("UPDATE head SET frontier = zeroblob(64)")
        #expect(await code { _ = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test")) } == .corrupted)
    }

    @Test func `verifying goes on beside appends`() async throws {
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test", sealer: ShiftSealer()))
        let path = directory.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let make = Maker(seed: 44)
                for _ in 0..<100 { _ = try await log.append(AppendRequest(writes: [make.write(stream(5))])) }
            }
            group.addTask {
                for _ in 0..<10 {
                    let report = try SQLiteEventLog.openReadOnly(directory: path).verify()
                    #expect(report.isSound, "\(report.problems)")
                }
            }
            try await group.waitForAll()
        }
        await log.close()
    }
}
