import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// An old writer sets aside what only it has, and follows the new one.
@Suite(.timeLimit(.minutes(5))) struct DemotionTests {
    let origin: TemporaryDirectory
    let copy: TemporaryDirectory
    let time = TimeSource.fixed(Instant(millisecondsSinceEpoch: 1_795_336_200_000))

    var tail: String { "\(copy.path)/tail" }

    init() throws {
        origin = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    struct Interruption: Error {}

    /// An old writer with a surplus, closed, and the one that took its place.
    private func part(seed: UInt64) async throws -> (new: SQLiteEventLog, common: LogHead, cursor: LogCursor, old: LogHead, content: [String]) {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: seed, appends: 40)
        let new = try Replicas.open(copy, .replica)
        for batch in try Replicas.batches(of: log, limit: 20) { _ = try await new.replicate(batch) }
        let (common, cursor) = (try log.head(), try log.replicationEnd())
        // The surplus begins with a command that recorded no event.
        _ = try await log.append(AppendRequest(command: CommandKey(scope: "late", key: "1", body: [], match: .keyAlone), writes: []))
        try await Replicas.fill(log, seed: seed + 1, appends: 30)
        let old = try log.head()
        await log.close()
        _ = try await new.promote()
        try await Replicas.fill(new, seed: seed + 2, appends: 30)
        return (new, common, cursor, old, try Replicas.content(origin))
    }

    private func setAside(
        _ common: LogHead,
        _ cursor: LogCursor,
        reach: @escaping @Sendable (LogDemotion.Step) throws -> Void = { _ in }
    ) throws -> LogDemotion.Report {
        try LogDemotion(of: origin.path, time: time, reach: reach).setAsideTail(
            after: common.position,
            command: cursor.command,
            rootHash: common.rootHash,
            epoch: StoredHead.restorationStep,
            to: tail
        )
    }

    private func follow(_ new: SQLiteEventLog) async throws {
        let replica = try Replicas.open(origin, .replica)
        for batch in try Replicas.batches(of: new, limit: 20) { _ = try await replica.replicate(batch) }
        #expect(try replica.head() == new.head())
        #expect(try replica.verify().problems == [])
        await replica.close()
        #expect(try Replicas.content(origin) == Replicas.content(copy))
    }

    @Test func `nothing of the surplus is lost, and the log follows the new writer`() async throws {
        let (new, common, cursor, old, content) = try await part(seed: 60)
        let surplus = try SQLiteEventLog.openReadOnly(directory: origin.path)
        let events = try surplus.read(after: common.position, limit: 10_000)
        surplus.close()
        let report = try setAside(common, cursor)
        #expect(report.head == LogHead(position: common.position, rootHash: common.rootHash, epoch: StoredHead.restorationStep))
        let kept = try #require(report.replaced)
        #expect(kept == origin.log + ".before-1795336200000")

        var found: (events: [RecordedEvent], attachments: [ReplicatedAttachment], commands: [ReplicatedCommand]) = ([], [], [])
        let summary = try LogTail.read(tail) { entry in
            switch entry {
            case .event(let event): found.events.append(event)
            case .attachment(let attachment): found.attachments.append(attachment)
            case .command(let command): found.commands.append(command)
            }
        }
        #expect(summary == report.tail)
        #expect(found.events == events)
        #expect(summary.eventCount == events.count && summary.after == common.position && summary.last == old.position)
        #expect(summary.rootHash == old.rootHash && summary.identity == "test" && summary.epoch == old.epoch)
        #expect(Set(summary.streams) == Set(events.map(\.stream)) && summary.streams.count == Set(summary.streams).count)
        #expect(found.attachments.map(\.position) == events.filter { $0.attachmentHash != nil }.map(\.position))
        #expect(found.commands.first?.scope == "late" && found.commands.count == summary.commandCount)
        #expect(try FileManager.default.attributesOfItem(atPath: tail)[.posixPermissions] as? Int == 0o600)

        // The old log is all there, in its one file.
        let whole = try TemporaryDirectory()
        try FileManager.default.copyItem(atPath: kept, toPath: whole.log)
        #expect(try Replicas.content(whole) == content)
        #expect(try SQLiteEventLog.openReadOnly(directory: whole.path).verify().isSound)

        #expect(try setAside(common, cursor) == LogDemotion.Report(head: report.head, tail: summary, replaced: nil))
        try await follow(new)
        await new.close()
    }

    @Test(arguments: LogDemotion.Step.allCases)
    func `a run that is interrupted leaves the old log or the new one, and is repeated`(step: LogDemotion.Step) async throws {
        let (new, common, cursor, old, content) = try await part(seed: 70)
        #expect(throws: Interruption.self) { try setAside(common, cursor) { if $0 == step { throw Interruption() } } }
        let reader = try SQLiteEventLog.openReadOnly(directory: origin.path)
        #expect(try reader.verify().problems == [])
        if step == .published {
            #expect(try reader.head().position == common.position)
            #expect(try reader.role() == .replica)
        } else {
            #expect(try reader.head() == old)
            #expect(try reader.role() == .writer)
            #expect(try Replicas.content(origin) == content)
        }
        reader.close()
        let report = try setAside(common, cursor)
        #expect(report.tail?.last == old.position)
        #expect(try LogTail.read(tail) == report.tail)
        let names = try FileManager.default.contentsOfDirectory(atPath: origin.path).filter { $0.hasPrefix("log.sqlite.before") }
        #expect(names.count == 1)
        try await follow(new)
        await new.close()
    }

    @Test func `without a surplus the log becomes a replica as it is`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 80, appends: 20)
        let (head, cursor) = (try log.head(), try log.replicationEnd())
        await log.close()
        let report = try setAside(head, cursor)
        #expect(report == LogDemotion.Report(head: head, tail: nil, replaced: nil))
        #expect(!FileManager.default.fileExists(atPath: tail))
        let replica = try Replicas.open(origin, .replica)
        #expect(try replica.head() == head)
        #expect(try replica.verify().problems == [])
        await replica.close()
        // To an epoch before its own it must be made anew: an epoch never falls.
        let lower = try LogDemotion(of: origin.path, time: time).setAsideTail(after: head.position, epoch: 0, to: tail)
        #expect(lower.head == LogHead(position: head.position, rootHash: head.rootHash, epoch: 0))
        #expect(lower.tail == nil && lower.replaced != nil)
        #expect(try Replicas.open(origin, .replica).verify().problems == [])
    }

    @Test func `a whole log can be set aside`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 81, appends: 20)
        let head = try log.head()
        await log.close()
        let report = try LogDemotion(of: origin.path, time: time).setAsideTail(after: 0, command: 0, epoch: 1, to: tail)
        #expect(report.tail?.eventCount == Int(head.position) && report.head.position == 0)
        let replica = try Replicas.open(origin, .replica)
        #expect(try replica.verify().problems == [])
        await replica.close()
    }

    @Test func `a cut in the wrong place, or of a log in use, changes nothing`() async throws {
        let (new, common, cursor, old, content) = try await part(seed: 82)
        func refusal(_ position: Int64, _ root: Hash256?, epoch: Int64 = 1, to path: String? = nil) async -> EventStoreError.Code? {
            await code {
                _ = try LogDemotion(of: origin.path, time: time)
                    .setAsideTail(after: position, command: cursor.command, rootHash: root, epoch: epoch, to: path ?? tail)
            }
        }
        #expect(await refusal(common.position, old.rootHash) == .forked)
        #expect(await refusal(old.position + 1, nil) == .invalidRequest)
        #expect(await refusal(-1, nil) == .invalidRequest)
        #expect(await refusal(common.position, nil, epoch: -1) == .invalidRequest)
        #expect(await refusal(common.position, nil, to: "\(copy.path)/none/tail") == .storageUnavailable)
        try Data("something else".utf8).write(to: URL(fileURLWithPath: tail))
        #expect(await refusal(common.position, nil) == .corrupted)
        try FileManager.default.removeItem(atPath: tail)
        let open = try Replicas.open(origin)
        #expect(await refusal(common.position, nil) == .ownedByAnother)
        await open.close()
        #expect(try Replicas.content(origin) == content)
        // Another tail of the same log is not taken for this one.
        _ = try? LogDemotion(of: origin.path, time: time) { if $0 == .tailWritten { throw Interruption() } }
            .setAsideTail(after: common.position - 1, epoch: 1, to: tail)
        #expect(await refusal(common.position, nil) == .invalidRequest)
        await new.close()
        let none = try TemporaryDirectory()
        #expect(await code { _ = try LogDemotion(of: none.path).setAsideTail(after: 0, epoch: 0, to: tail) } == .notALog)
    }

    @Test func `a log that is being read by others is not replaced`() async throws {
        let (new, common, cursor, _, content) = try await part(seed: 83)
        let reader = try Connection(path: origin.log, access: .reading)
        try reader.execute("BEGIN")
        _ = try reader.integer("SELECT count(*) FROM event")
        #expect(await code { _ = try setAside(common, cursor) } == .storageUnavailable)
        reader.rollBack()
        #expect(try Replicas.content(origin) == content)
        await new.close()
    }

    @Test func `a tail that was changed or cut off is not taken for one`() async throws {
        let (new, common, cursor, _, _) = try await part(seed: 84)
        await new.close()
        _ = try setAside(common, cursor)
        let whole = try Data(contentsOf: URL(fileURLWithPath: tail))
        let seed: UInt64 = 5
        let random = SeededRandom(seed: seed)
        for _ in 0..<300 {
            var bytes = whole
            let place = Int(random.next() % UInt64(whole.count))
            if random.next() % 4 == 0 { bytes = bytes.prefix(place) } else { bytes[place] ^= 1 << UInt8(random.next() % 8) }
            try bytes.write(to: URL(fileURLWithPath: tail))
            #expect(await code { _ = try LogTail.read(tail) } == .corrupted, "seed \(seed), byte \(place)")
        }
        try (whole + [0]).write(to: URL(fileURLWithPath: tail))
        #expect(await code { _ = try LogTail.read(tail) } == .corrupted)
        #expect(await code { _ = try LogTail.read(tail + "-none") } == .notALog)
    }
}
