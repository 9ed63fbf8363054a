import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// Logs with a random past, and their copies.
enum Replicas {
    static func open(_ directory: TemporaryDirectory, _ role: LogRole = .writer, identity: String = "test") throws -> SQLiteEventLog {
        try SQLiteEventLog.open(.init(directory: directory.path, identity: identity, role: role, sealer: ShiftSealer()))
    }

    static func key(_ number: Int, seed: UInt64 = 0) -> CommandKey {
        CommandKey(
            scope: "scope",
            key: "\(seed)-\(number)",
            body: [UInt8(truncatingIfNeeded: number)],
            match: number % 3 == 0 ? .keyAlone : .keyAndBody
        )
    }

    /// Several streams, attachments, appends of no event and of many, commands of both kinds and none, some that come again.
    static func fill(_ log: SQLiteEventLog, seed: UInt64, appends: Int) async throws {
        let random = SeededRandom(seed: seed)
        let make = Maker(seed: seed &+ 1000)
        for number in 0..<appends {
            let kind = random.next() % 8
            var writes: [StreamWrite] = []
            if kind > 1 {
                for name in Set((0..<random.next() % 3 + 1).map { _ in random.next() % 9 }).sorted() {
                    let events = (0..<random.next() % 3 + 1).map { part -> NewEvent in
                        let attachment = random.next() % 4 == 0 ? Array("attachment \(number) \(part)".utf8) : nil
                        var event = make.event("payload \(number) \(part)", attachment: attachment)
                        if random.next() % 2 == 0 { (event.actor, event.correlation, event.causation) = ("actor", event.id, event.id) }
                        return event
                    }
                    writes.append(StreamWrite(stream: stream(name), expected: .any, events: events))
                }
            }
            let command = kind == 7 ? nil : key(number, seed: seed)
            let answer = number % 2 == 0 && !writes.isEmpty ? Array("answer \(number)".utf8) : []
            let request = AppendRequest(command: command, writes: writes, answer: answer)
            _ = try await log.append(request)
            if kind == 2 { _ = try await log.append(request) }
        }
    }

    static func batches(of log: SQLiteEventLog, limit: Int, byteLimit: Int = 1 << 20) throws -> [LogBatch] {
        var source = try log.replicationSource()
        var batches: [LogBatch] = []
        while let batch = try source.next(limit: limit, byteLimit: byteLimit) { batches.append(batch) }
        return batches
    }

    /// Every row that both logs must have alike.
    static func content(_ directory: TemporaryDirectory) throws -> [String] {
        let connection = try Connection(path: directory.log, access: .reading)
        let tables = [
            "event ORDER BY position", "stream ORDER BY id", "attachment ORDER BY position",
        ]
        var rows: [String] = []
        for query in tables.map({ "SELECT * FROM \($0)" }) + [
            "SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key FROM command ORDER BY number"
        ] {
            let all = try connection.prepare(query)
            while try all.step() {
                rows.append((0..<all.columnCount).map { all.isNull($0) ? "NULL" : Hex.encode(all.bytes($0)) }.joined(separator: "|"))
            }
        }
        return rows
    }
}
