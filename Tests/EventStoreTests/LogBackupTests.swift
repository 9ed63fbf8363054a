import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

@Suite struct LogBackupTests {
    let make = Maker(seed: 6)
    let directory: TemporaryDirectory
    let copy: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    private func open(_ identity: String = "test", _ directory: TemporaryDirectory? = nil) throws -> SQLiteEventLog {
        try SQLiteEventLog.open(.init(directory: (directory ?? self.directory).path, identity: identity))
    }

    /// All at once, so that they share commits.
    private func append(_ log: SQLiteEventLog, _ range: ClosedRange<Int>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in range {
                group.addTask {
                    let attachment = number % 3 == 0 ? Array("attachment \(number)".utf8) : nil
                    let event = make.event("payload \(number)", attachment: attachment)
                    let command = CommandKey(scope: "s", key: "\(number)", body: [], match: number % 2 == 0 ? .keyAndBody : .keyAlone)
                    let write = StreamWrite(stream: stream(UInt64(number % 7)), expected: .any, events: [event])
                    _ = try await log.append(AppendRequest(command: command, writes: [write], answer: Array("answer".utf8)))
                }
            }
            try await group.waitForAll()
        }
    }

    private func backUp(_ verify: LogBackup.Verification = .added, to target: TemporaryDirectory? = nil) throws -> LogBackupReport {
        try LogBackup(of: directory.path).backUp(to: (target ?? copy).path, verify: verify)
    }

    /// Every row of every table, as text.
    private func content(of directory: TemporaryDirectory) throws -> [String] {
        let connection = try Connection(path: directory.log, access: .reading)
        var rows = try connection.schemaStatements()
        for table in ["meta", "head", "stream", "event", "attachment", "command"] {
            let all = try connection.prepare("SELECT * FROM \(table) ORDER BY 1")
            while try all.step() {
                rows.append((0..<all.columnCount).map { all.isNull($0) ? "NULL" : Hex.encode(all.bytes($0)) }.joined(separator: "|"))
            }
        }
        return rows
    }

    private func change(_ directory: TemporaryDirectory, _ statements: String...) throws {
        let connection = try Connection(path: directory.log, access: .writing)
        for statement in statements { try connection.execute(statement) }
    }

    // MARK: Copying

    @Test func `increments add up to a full copy`() async throws {
        let log = try open()
        var first = 1
        for (round, count) in [1, 5, 0, 40, 3000].enumerated() {
            if count > 0 { try await append(log, first...first + count - 1) }
            first += count
            // Repetitions and reuses of old commands count there too.
            if round > 0 { try await append(log, 1...1) }
            // What is forgotten there is forgotten here.
            if round == 2 {
                // The newest command stays, whichever it is.
                let isLasting = try log.withWriterConnection { try $0.integer("SELECT lasting FROM command ORDER BY number DESC LIMIT 1") == 1 }
                #expect(try await log.forgetCommands(recordedBefore: Instant(millisecondsSinceEpoch: .max)) == (isLasting ? 3 : 2))
            }
            let report = try backUp(round == 3 ? .everything : .added)
            #expect(report.isFirst == (round == 0))
            #expect(report.addedEvents == Int64(count))
            #expect(report.head == (try log.head()))
        }
        let full = try TemporaryDirectory()
        let report = try backUp(.everything, to: full)
        #expect(report.isFirst && report.addedEvents == 3046)
        #expect(try content(of: copy) == content(of: full))
        await log.close()
        #expect(try content(of: copy) == content(of: directory))
        let attributes = try FileManager.default.attributesOfItem(atPath: copy.log)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(report.addedBytes == (attributes[.size] as? Int64 ?? 0) || report.addedBytes > 0)
    }

    @Test func `a log is backed up while eight write to it`() async throws {
        let log = try open()
        try await append(log, 1...10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let writing = Task {
                try await withThrowingTaskGroup(of: Void.self) { writers in
                    for writer in 1...8 {
                        writers.addTask {
                            let make = Maker(seed: UInt64(writer + 900))
                            while !Task.isCancelled { _ = try await log.append(AppendRequest(writes: [make.write(stream(UInt64(writer)))])) }
                        }
                    }
                    try await writers.waitForAll()
                }
            }
            var reached: Int64 = 0
            for _ in 0..<6 {
                let report = try backUp()
                #expect(report.head.position >= reached)
                reached = report.head.position
                #expect(try SQLiteEventLog.openReadOnly(directory: copy.path).verify().isSound)
                _ = try await log.nextCommit(after: reached + 20)
            }
            writing.cancel()
            try await writing.value
            group.cancelAll()
        }
        #expect(try backUp(.everything).head.rootHash == log.head().rootHash)
        await log.close()
    }

    @Test func `what an interrupted first copy left is cleared`() async throws {
        let log = try open()
        try await append(log, 1...20)
        let left = "\(copy.path)/\(StagingDirectory.name)"
        try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: false)
        try Data("half a file".utf8).write(to: URL(fileURLWithPath: "\(left)/log.sqlite"))
        #expect(try backUp().isFirst)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: copy.path)) == ["lock", "log.sqlite"])
        await log.close()
    }

    // MARK: Refusals

    /// Changes what the triggers protect, and puts them back.
    private func tamper(_ directory: TemporaryDirectory, _ statement: String) throws {
        let triggers = try content(of: directory).filter { $0.contains("CREATE TRIGGER event") }
        try change(directory, "DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete", statement)
        for trigger in triggers { try change(directory, trigger) }
    }

    @Test(arguments: [
        ("UPDATE head SET root_hash = zeroblob(32)", EventStoreError.Code.corrupted), ("UPDATE head SET frontier = zeroblob(64)", .corrupted),
        ("DELETE FROM event WHERE position = 20", .corrupted), ("UPDATE event SET leaf_hash = zeroblob(32) WHERE position = 20", .wrongLog),
        ("UPDATE meta SET value = 'other' WHERE name = 'identity'", .wrongLog), ("DROP INDEX command_repeated", .schemaTooNew),
        ("UPDATE head SET epoch = 99", .wrongLog),
    ])
    func `a changed copy is refused, and stays as it is`(statement: String, refusal: EventStoreError.Code) async throws {
        let log = try open()
        try await append(log, 1...20)
        _ = try backUp()
        try await append(log, 21...30)
        try tamper(copy, statement)
        let before = try content(of: copy)
        #expect(await code { _ = try backUp() } == refusal)
        #expect(try content(of: copy) == before)
        await log.close()
    }

    @Test func `a changed row of long ago is found when everything is verified`() async throws {
        let log = try open()
        try await append(log, 1...20)
        _ = try backUp()
        try tamper(copy, "UPDATE event SET payload = zeroblob(2) WHERE position = 7")
        #expect(await code { _ = try backUp(.everything) } == .corrupted)
        await log.close()
    }

    @Test func `a copy of a changed past does not grow`() async throws {
        let log = try open()
        try await append(log, 1...3)
        _ = try backUp()
        // Another history with the same last leaf: head and frontier hold together, and yet do not lead to the log's root.
        var frontier = MerkleFrontier()
        let connection = try Connection(path: copy.log, access: .writing)
        let leaves = try connection.prepare("SELECT leaf_hash FROM event ORDER BY position")
        var number = 0
        while try leaves.step() {
            number += 1
            frontier.append(number == 1 ? Hash256.of([1]) : try #require(Hash256(bytes: leaves.blob(0))))
        }
        let update = try connection.prepare("UPDATE head SET root_hash = ?1, frontier = ?2")
        update.bind(1, copying: frontier.root.bytes)
        update.bind(2, copying: frontier.bytes)
        try update.run()
        try await append(log, 4...9)
        #expect(await code { _ = try backUp() } == .wrongLog)
        #expect(try BackupTable.event.last(on: connection) == 3)
        await log.close()
    }

    @Test func `a damaged log is not copied`() async throws {
        let log = try open()
        try await append(log, 1...5)
        _ = try backUp()
        try await append(log, 6...9)
        await log.close()
        try tamper(directory, "UPDATE event SET payload = x'2a' WHERE position = 7")
        #expect(await code { _ = try backUp() } == .corrupted)
        #expect(try SQLiteEventLog.openReadOnly(directory: copy.path).head().position == 5)
        let other = try TemporaryDirectory()
        #expect(await code { _ = try backUp(to: other) } == .corrupted)
        #expect(try !FileManager.default.contentsOfDirectory(atPath: other.path).contains("log.sqlite"))
    }

    @Test func `a log replaced by an older state is noticed`() async throws {
        let log = try open()
        try await append(log, 1...5)
        let older = try TemporaryDirectory()
        _ = try backUp(to: older)
        try await append(log, 6...9)
        _ = try backUp()
        await log.close()
        #expect(await code { _ = try LogBackup(of: older.path).backUp(to: copy.path) } == .checkpointAhead)
        // And one that went on from the older state.
        let restored = try TemporaryDirectory()
        _ = try LogRestoration().restore(from: older.path, to: restored.path)
        let second = try open("test", restored)
        try await append(second, 50...70)
        await second.close()
        #expect(await code { _ = try LogBackup(of: restored.path).backUp(to: copy.path) } == .wrongLog)
        #expect(try SQLiteEventLog.openReadOnly(directory: copy.path).verify().isSound)
    }

    @Test func `only a copy of the same log is continued`() async throws {
        let log = try open()
        try await append(log, 1...5)
        #expect(await code { _ = try LogBackup(of: copy.path).backUp(to: directory.path) } == .notALog)
        let other = try TemporaryDirectory()
        let second = try open("other", other)
        #expect(await code { _ = try backUp(to: other) } == .ownedByAnother)
        await second.close()
        #expect(await code { _ = try backUp(to: other) } == .wrongLog)
        let third = try TemporaryDirectory()
        _ = try LogBackup(of: other.path).backUp(to: third.path)
        #expect(await code { _ = try backUp(to: third) } == .wrongLog)
        try change(directory, "CREATE TABLE unknown(a)")
        #expect(await code { _ = try backUp() } == .schemaTooNew)
        await log.close()
    }

    // MARK: Restoring

    @Test func `a restored log has the same root, goes on, and fences the old one off`() async throws {
        let log = try open()
        try await append(log, 1...300)
        let head = try backUp().head
        let target = try TemporaryDirectory()
        let report = try LogRestoration().restore(from: copy.path, to: target.path, identity: "test")
        #expect(report.head.position == head.position && report.head.rootHash == head.rootHash)
        #expect(report.head.epoch == StoredHead.restorationStep)
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: target.path)) == ["lock", "log.sqlite"])

        let restored = try open("test", target)
        #expect(restored.epoch > log.epoch)
        try await append(restored, 1...1)
        #expect(try restored.head().position == 300)
        try await append(restored, 301...302)
        #expect(try restored.read(after: 300, limit: 9).count == 2)
        #expect(try restored.verify().isSound)
        await restored.close()
        await log.close()
    }

    @Test func `what was not moved out of the write-ahead log yet is restored`() async throws {
        let log = try open()
        try await append(log, 1...50)
        // As a file copy of a stopped machine's disk would be.
        let stopped = try TemporaryDirectory()
        for suffix in ["", "-wal"] { try FileManager.default.copyItem(atPath: directory.log + suffix, toPath: stopped.log + suffix) }
        let target = try TemporaryDirectory()
        #expect(try LogRestoration().restore(from: stopped.path, to: target.path).head.rootHash == log.head().rootHash)
        #expect(!FileManager.default.fileExists(atPath: target.log + "-wal"))
        await log.close()
    }

    @Test func `a restoration overwrites nothing and serves nothing damaged`() async throws {
        let log = try open()
        try await append(log, 1...50)
        _ = try backUp()
        #expect(await code { _ = try LogRestoration().restore(from: copy.path, to: directory.path) } == .invalidRequest)
        await log.close()
        let target = try TemporaryDirectory()
        #expect(await code { _ = try LogRestoration().restore(from: target.path, to: copy.path) } == .notALog)
        #expect(await code { _ = try LogRestoration().restore(from: copy.path, to: target.path, identity: "other") } == .wrongLog)
        try change(copy, "DROP TRIGGER event_no_update", "UPDATE event SET payload = zeroblob(2) WHERE position = 7")
        #expect(await code { _ = try LogRestoration().restore(from: copy.path, to: target.path) } == .corrupted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: target.path) == ["lock"])
    }
}
