import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// What does not belong to the log is refused, and nothing of it is kept.
@Suite(.timeLimit(.minutes(5))) struct RefusedBatchTests {
    let origin: TemporaryDirectory
    let copy: TemporaryDirectory

    init() throws {
        origin = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    /// A change to a batch that no log would export.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let change: @Sendable (inout LogBatch) -> Void

        var testDescription: String { name }

        init(_ name: String, _ change: @escaping @Sendable (inout LogBatch) -> Void) { (self.name, self.change) = (name, change) }

        static func event(_ name: String, _ change: @escaping @Sendable (inout RecordedEvent) -> Void) -> Change {
            Change(name) { batch in
                let index = batch.events.firstIndex { $0.attachmentHash != nil && $0.actor != nil } ?? 0
                change(&batch.events[index])
            }
        }

        static func command(_ name: String, _ change: @escaping @Sendable (inout ReplicatedCommand) -> Void) -> Change {
            Change(name) { batch in
                guard let index = batch.commands.firstIndex(where: { !$0.answer.isEmpty }) else { return }
                change(&batch.commands[index])
            }
        }
    }

    static let changes: [Change] = [
        .event("payload") { $0.payload[0] ^= 1 }, .event("payload's end") { $0.payload.removeLast() },
        .event("position") { $0.position += 1 }, .event("version") { $0.version += 1 },
        .event("stream") { $0.stream = stream(77) }, .event("id") { $0.id = EventID(high: $0.id.high, low: $0.id.low ^ 1) },
        .event("type") { $0.type += "x" }, .event("no type") { $0.type = "" }, .event("source") { $0.source += "x" },
        .event("time") { $0.time = Instant(millisecondsSinceEpoch: $0.time.millisecondsSinceEpoch + 1, offsetMinutes: $0.time.offsetMinutes) },
        .event("offset") { $0.time = Instant(millisecondsSinceEpoch: $0.time.millisecondsSinceEpoch, offsetMinutes: 61) },
        .event("recorded time") { $0.recordedAt = Instant(millisecondsSinceEpoch: $0.recordedAt.millisecondsSinceEpoch + 1) },
        .event("actor") { $0.actor = nil }, .event("causation") { $0.causation = nil }, .event("correlation") { $0.correlation = nil },
        .event("key") { $0.keyID = "key-2" }, .event("attachment hash") { $0.attachmentHash = Hash256.of([9]) },
        .event("no attachment hash") { $0.attachmentHash = nil }, .event("leaf hash") { $0.leafHash = Hash256.of([9]) },
        .event("long actor") { $0.actor = String(repeating: "x", count: 70_000) },
        Change("attachment") { $0.attachments[0].bytes[0] ^= 1 }, Change("attachment's position") { $0.attachments[0].position += 1 },
        Change("no attachment") { $0.attachments.removeFirst() },
        Change("two attachments") { $0.attachments.append($0.attachments[0]) },
        Change("no first event") { $0.events.removeFirst() }, Change("no middle event") { $0.events.remove(at: 2) },
        Change("no last event") { $0.events.removeLast() }, Change("exchanged events") { $0.events.swapAt(1, 2) },
        Change("an event twice") { $0.events.append($0.events[0]) },
        Change("root") { $0.rootHash = Hash256.of($0.rootHash.bytes) },
        Change("last") { $0.last += 1 }, Change("impossible last") { $0.last = .min }, Change("huge last") { $0.last = .max },
        Change("epoch") { $0.epoch = -1 }, Change("huge epoch") { $0.epoch = .max },
        .command("digest") { $0.digest.removeLast() }, .command("scope") { $0.scope = "" }, .command("position") { $0.position = 1 << 40 },
        .command("negative position") { $0.position = -1 }, .command("answer for nobody") { $0.answerStream = nil },
    ]

    @Test(arguments: changes)
    func `a changed batch leaves nothing`(change: Change) async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 30, appends: 60)
        let batches = try Replicas.batches(of: log, limit: 40)
        let replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(batches[0])
        let (head, before) = (try replica.head(), try Replicas.content(copy))
        var changed = batches[1]
        change.change(&changed)
        // As text: times are equal whatever their offset.
        let isChanged = "\(changed)" != "\(batches[1])"
        #expect(isChanged)
        let refusal = await code { _ = try await replica.replicate([changed], offsets: [ReplicaOffset(topic: "t", partition: 0, next: 9)]) }
        #expect([.invalidBatch, .forked, .missingEvents].contains(refusal), "\(String(describing: refusal))")
        // Also behind one that is right.
        #expect(await code { _ = try await replica.replicate([batches[0], changed]) } != nil)
        #expect(try replica.head() == head)
        #expect(try Replicas.content(copy) == before)
        #expect(try replica.replicaOffsets() == [])
        for batch in batches.dropFirst() { _ = try await replica.replicate(batch) }
        #expect(try replica.head() == log.head())
        #expect(try replica.verify().problems == [])
        await log.close()
        await replica.close()
    }

    /// Changes that hashes cannot tell: a command is no leaf. They show when the same command comes otherwise.
    @Test(arguments: [
        Change.command("request hash") { $0.requestHash = Hash256.of([9]) }, .command("lasting") { $0.isLasting.toggle() },
        .command("position") { $0.position -= 1 }, .command("scope") { $0.scope += "x" }, .command("answer") { $0.answer[0] ^= 1 },
        .command("stream") { $0.answerStream = stream(77) }, .command("key") { $0.answerKeyID = nil },
        .command("recorded") { $0.recordedAt = Instant(millisecondsSinceEpoch: 1) },
    ])
    func `another command under the same key is a fork`(change: Change) async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 31, appends: 20)
        let batch = try #require(try Replicas.batches(of: log, limit: 1000).first)
        let replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(batch)
        let before = try Replicas.content(copy)
        var changed = batch
        change.change(&changed)
        let isChanged = changed != batch
        #expect(isChanged)
        #expect(await code { _ = try await replica.replicate(changed) } == .forked)
        #expect(try Replicas.content(copy) == before)
        await log.close()
        await replica.close()
    }

    /// An event that hashes well, in a batch that hashes well, where the log cannot have it.
    private func forge(_ batch: LogBatch, after before: MerkleFrontier, _ change: (inout RecordedEvent) -> Void) throws -> LogBatch {
        var forged = batch
        change(&forged.events[forged.events.count - 1])
        let last = forged.events.count - 1
        forged.events[last].leafHash = try LeafEntry(of: forged.events[last], logIdentity: "test").leafHash
        var frontier = before
        for event in forged.events { frontier.append(event.leafHash) }
        forged.rootHash = frontier.root
        return forged
    }

    @Test func `order, versions and ids are checked, not only hashes`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 32, appends: 40)
        var source = try log.replicationSource()
        let first = try #require(try source.next(limit: 20, byteLimit: 1 << 20))
        let frontier = source.checkpoint.frontier
        var second = try #require(try source.next(limit: 20, byteLimit: 1 << 20))
        second.events = [second.events[0]]
        second.last = second.events[0].position
        second.commands = []
        second.attachments.removeAll { $0.position != second.last }
        let replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(first)
        let same = try forge(second, after: frontier) { _ in }
        let forgeries = try [
            forge(second, after: frontier) { $0.version += 1 }, forge(second, after: frontier) { $0.version = 0 },
            forge(second, after: frontier) {
                $0.stream = stream(50); $0.version = 2
            },
            forge(second, after: frontier) { $0.recordedAt = Instant(millisecondsSinceEpoch: 0) },
            forge(second, after: frontier) { $0.id = first.events[3].id },
        ]
        for forgery in forgeries { #expect(await code { _ = try await replica.replicate(forgery) } == .invalidBatch) }
        _ = try await replica.replicate(same)
        // A log of another name hashes otherwise.
        let other = try Replicas.open(try TemporaryDirectory(), .replica, identity: "other")
        #expect(await code { _ = try await other.replicate(first) } == .invalidBatch)
        await other.close()
        await log.close()
        await replica.close()
    }

    @Test func `a gap names what is missing, a fork where it begins`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 33, appends: 60)
        let batches = try Replicas.batches(of: log, limit: 10)
        let replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(batches[0])
        let gap = await #expect(throws: EventStoreError.self) { _ = try await replica.replicate(batches[2]) }
        #expect(gap?.code == .missingEvents)
        #expect(gap?.facts.position == batches[0].last + 1)
        _ = try await replica.replicate(batches[1])

        let other = try TemporaryDirectory()
        let stranger = try Replicas.open(other)
        try await Replicas.fill(stranger, seed: 34, appends: 60)
        let fork = await #expect(throws: EventStoreError.self) {
            _ = try await replica.replicate(try Replicas.batches(of: stranger, limit: 10)[0])
        }
        #expect(fork?.code == .forked)
        #expect(fork?.facts.position == 1)
        // Nothing but commands, of another log that is as long.
        let empty = LogBatch(events: [], attachments: [], commands: [], epoch: 1, last: batches[0].last, rootHash: Hash256.of([1]))
        #expect(await code { _ = try await replica.replicate(empty) } == .forked)
        await stranger.close()
        await log.close()
        await replica.close()
    }

    @Test func `a replaced writer brings nothing new, and what is known may come again`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 35, appends: 40)
        let batches = try Replicas.batches(of: log, limit: 15)
        let replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(batches[0])
        var newer = batches[1]
        newer.epoch = 1 << 32
        #expect(try await replica.replicate(newer).epoch == 1 << 32)
        #expect(replica.epoch == 1 << 32)
        let refusal = await #expect(throws: EventStoreError.self) { _ = try await replica.replicate(batches[2]) }
        #expect(refusal?.code == .staleEpoch)
        #expect(refusal?.facts.epoch == 1 << 32)
        #expect(try await replica.replicate(batches[0]).epoch == 1 << 32)
        // A command alone: it stays out.
        var alone = batches[1]
        (alone.events, alone.attachments) = ([], [])
        alone.commands = [batches[2].commands[0]]
        alone.commands[0].position = alone.last
        let before = try Replicas.content(copy)
        _ = try await replica.replicate(alone)
        #expect(try Replicas.content(copy) == before)
        #expect(try replica.verify().problems == [])
        await log.close()
        await replica.close()
    }

    @Test func `a replica whose disk failed goes on by itself`() async throws {
        let gate = PauseGate()
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 36, appends: 40)
        var batches = try Replicas.batches(of: log, limit: 15)
        batches[1].epoch += 5
        let replica = try SQLiteEventLog.open(.init(directory: copy.path, identity: "test", role: .replica, pause: gate.pause))
        _ = try await replica.replicate(batches[0])
        let before = try Replicas.content(copy)
        try replica.withWriterConnection { try $0.execute("PRAGMA query_only = ON") }
        var news = replica.healthChanges().makeAsyncIterator()
        _ = await news.next()
        #expect(await code { _ = try await replica.replicate(batches[1]) } == .storageUnavailable)
        #expect(await code { _ = try await replica.replicate(batches[1]) } == .storageUnavailable)
        #expect(try Replicas.content(copy) == before)
        _ = await news.next()
        await gate.pass()
        #expect(await news.next() == .accepting)
        #expect(try await replica.replicate(batches[1]).epoch == batches[1].epoch)
        #expect(try replica.verify().problems == [])
        await log.close()
        await replica.close()
    }

    @Test func `a disk that fills amid a batch keeps nothing of it`() async throws {
        let gate = PauseGate()
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 37, appends: 10)
        let large = AppendRequest(
            writes: [StreamWrite(stream: stream(1), expected: .any, events: [Maker(seed: 5).event(String(repeating: "x", count: 200_000))])]
        )
        _ = try await log.append(large)
        try await Replicas.fill(log, seed: 38, appends: 10)
        let batches = try Replicas.batches(of: log, limit: 12)
        let replica = try SQLiteEventLog.open(.init(directory: copy.path, identity: "test", role: .replica, pause: gate.pause))
        try replica.withWriterConnection { connection in
            let pages = try connection.integer("PRAGMA page_count") ?? 0
            try connection.execute("PRAGMA max_page_count = \(pages + 12)")
        }
        var news = replica.healthChanges().makeAsyncIterator()
        _ = await news.next()
        let offset = ReplicaOffset(topic: "t", partition: 0, next: 1)
        #expect(await code { _ = try await replica.replicate(batches, offsets: [offset]) } == .diskFull)
        #expect(try replica.head().position == 0)
        #expect(try Replicas.content(copy).isEmpty)
        #expect(try replica.replicaOffsets() == [])
        _ = await news.next()
        await gate.pass()
        #expect(await news.next() == .accepting)
        #expect(try await replica.replicate(batches, offsets: [offset]) == log.head())
        #expect(try replica.verify().problems == [])
        await log.close()
        await replica.close()
    }

    @Test func `a process that dies amid a batch leaves the log before it`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 39, appends: 40)
        let batches = try Replicas.batches(of: log, limit: 20)
        var replica = try Replicas.open(copy, .replica)
        _ = try await replica.replicate(batches[0])
        // What is on the disk while the next batch is written, half of it in the write-ahead log, as a killed process leaves it.
        let killed = try TemporaryDirectory()
        let next = try PreparedBatch(batches[1], logIdentity: "test")
        try replica.withWriterConnection { connection in
            try connection.execute("PRAGMA cache_size = 1; PRAGMA cache_spill = 1")
            let session = try WriterSession(connection: connection, time: .system, epoch: batches[0].epoch, role: .replica)
            try session.begin()
            try session.replicate(next)
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: copy.log + suffix, toPath: killed.log + suffix)
            }
            session.rollBack()
        }
        await replica.close()
        replica = try Replicas.open(killed, .replica)
        #expect(try replica.head().position == batches[0].last)
        #expect(try replica.verify().problems == [])
        for batch in batches { _ = try await replica.replicate(batch) }
        #expect(try replica.head() == log.head())
        #expect(try Replicas.content(killed) == Replicas.content(origin))
        await log.close()
        await replica.close()
    }
}
