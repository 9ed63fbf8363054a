import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// What one log hands over, another takes in, and has the same log.
@Suite(.timeLimit(.minutes(5))) struct ReplicationTests {
    let origin: TemporaryDirectory
    let copy: TemporaryDirectory

    init() throws {
        origin = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    @Test(arguments: [(1, 1), (2, 3), (3, 7), (4, 50), (5, 10_000)] as [(UInt64, Int)])
    func `a copy has the same log, however it is cut`(seed: UInt64, limit: Int) async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: seed, appends: 120)
        let replica = try Replicas.open(copy, .replica)
        for batch in try Replicas.batches(of: log, limit: limit) {
            #expect(batch.events.count <= limit && batch.commands.count <= limit, "seed \(seed)")
            let head = try await replica.replicate(batch)
            #expect(head == LogHead(position: batch.last, rootHash: batch.rootHash, epoch: log.epoch), "seed \(seed)")
        }
        #expect(try replica.head() == log.head())
        #expect(replica.epoch == log.epoch)
        #expect(try replica.verify().problems == [], "seed \(seed)")
        #expect(try log.verify().problems == [], "seed \(seed)")
        #expect(try Replicas.content(copy) == Replicas.content(origin), "seed \(seed)")
        await log.close()
        await replica.close()
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func `batches may come again, overlap, and share a transaction`(seed: UInt64) async throws {
        let random = SeededRandom(seed: seed)
        let log = try Replicas.open(origin)
        let replica = try Replicas.open(copy, .replica)
        var sent: [LogBatch] = []
        for round in 0..<4 as Range<UInt64> {
            try await Replicas.fill(log, seed: seed * 10 + round, appends: 30)
            // Cut anew each time: what was sent is sent again in other pieces.
            sent += try Replicas.batches(of: log, limit: Int(random.next() % 20) + 1, byteLimit: Int(random.next() % 400) + 1)
            while random.next() % 3 != 0 {
                let last = Int(random.next() % UInt64(sent.count))
                if sent[last].last - Int64(sent[last].events.count) > (try replica.head().position) { continue }
                _ = try await replica.replicate(sent[last])
            }
            let count = Int(random.next() % 5) + 1
            for start in stride(from: 0, to: sent.count, by: count) {
                _ = try await replica.replicate(Array(sent[start..<min(start + count, sent.count)]))
            }
            #expect(try replica.head() == log.head(), "seed \(seed)")
        }
        #expect(try Replicas.content(copy) == Replicas.content(origin), "seed \(seed)")
        #expect(try replica.verify().problems == [], "seed \(seed)")
        await log.close()
        await replica.close()
    }

    @Test func `a source goes on from a checkpoint that was kept, on its own log alone`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 7, appends: 60)
        var source = try log.replicationSource()
        let first = try #require(try source.next(limit: 13, byteLimit: 1 << 20))
        let kept = try #require(ReplicationCheckpoint(bytes: source.checkpoint.bytes))
        #expect(kept == source.checkpoint)
        #expect(ReplicationCheckpoint(bytes: kept.bytes.dropLast()) == nil)
        #expect(ReplicationCheckpoint(bytes: Array(kept.bytes.prefix(9))) == nil)
        var again = try log.replicationSource(after: kept)
        var folded = try ReplicationSource(log.reader, after: kept.cursor)
        let second = try #require(try source.next(limit: 13, byteLimit: 1 << 20))
        #expect(try again.next(limit: 13, byteLimit: 1 << 20) == second)
        #expect(try folded.next(limit: 13, byteLimit: 1 << 20) == second)
        #expect(try log.rootHash(at: first.last) == first.rootHash)
        #expect(try log.rootHash(at: 0) == MerkleTree.emptyRoot)
        #expect(try log.rootHash(at: log.head().position + 1) == nil)

        let other = try TemporaryDirectory()
        let stranger = try Replicas.open(other)
        #expect(await code { _ = try stranger.replicationSource(after: kept) } == .checkpointAhead)
        try await Replicas.fill(stranger, seed: 8, appends: 60)
        #expect(await code { _ = try stranger.replicationSource(after: kept) } == .forked)
        #expect(await code { _ = try ReplicationSource(stranger.reader, after: LogCursor(position: 9999)) } == .checkpointAhead)
        await stranger.close()
        await log.close()
    }

    @Test func `a page ends where an append ends, or amid one that is too long`() async throws {
        let log = try Replicas.open(origin)
        let make = Maker(seed: 9)
        for (number, count) in [3, 3, 0, 10, 2].enumerated() {
            let command = CommandKey(scope: "s", key: "\(number)", body: [], match: .keyAlone)
            _ = try await log.append(AppendRequest(command: command, writes: [make.write(stream(1), count: count)]))
        }
        let pages = try Replicas.batches(of: log, limit: 4)
        #expect(pages.map(\.events.count) == [3, 3, 4, 4, 4])
        #expect(pages.map(\.commands.count) == [1, 2, 0, 0, 2])
        // More commands than the limit, all of no event.
        for number in 10..<20 {
            _ = try await log.append(AppendRequest(command: CommandKey(scope: "s", key: "\(number)", body: [], match: .keyAlone), writes: []))
        }
        _ = try await log.append(
            AppendRequest(command: CommandKey(scope: "s", key: "20", body: [], match: .keyAlone), writes: [make.write(stream(1))])
        )
        let more = try Replicas.batches(of: log, limit: 4)
        #expect(more.map(\.commands.count).reduce(0, +) == 16)
        #expect(more.map(\.events.count).reduce(0, +) == 19)
        #expect(more.allSatisfy { $0.commands.count <= 4 && $0.events.count <= 4 })
        // Never a command before its events.
        #expect(more.allSatisfy { batch in batch.commands.allSatisfy { $0.position <= batch.last } })
        // The smallest limits still bring all, and the largest.
        #expect(try Replicas.batches(of: log, limit: .max, byteLimit: .max).map(\.events.count) == [19])
        #expect(try Replicas.batches(of: log, limit: 0, byteLimit: 0).map(\.events.count).reduce(0, +) == 19)
        await log.close()
    }

    @Test func `news of a command without an event wakes whoever hands over`() async throws {
        let log = try Replicas.open(origin)
        let reader = try SQLiteEventLog.openReadOnly(directory: origin.path, pause: { await Task.yield() })
        let make = Maker(seed: 10)
        _ = try await log.append(AppendRequest(command: Replicas.key(0), writes: [make.write(stream(1))]))
        let cursor = try log.replicationEnd()
        #expect(cursor == LogCursor(position: 1, command: 1))
        async let told: Void = log.nextNews(after: cursor)
        async let seen: Void = reader.nextNews(after: cursor)
        _ = try await log.append(AppendRequest(command: Replicas.key(1), writes: []))
        try await told
        try await seen
        let page = try log.replicationPage(after: cursor, limit: 9, byteLimit: 9)
        #expect(page.events.isEmpty && page.commands.count == 1)
        #expect(page.next == LogCursor(position: 1, command: 2))
        await log.close()
        #expect(await code { try await log.nextNews(after: page.next) } == .closed)
    }

    @Test func `numbers of commands only grow, also when all were forgotten`() async throws {
        var log = try Replicas.open(origin)
        for number in 1...5 { _ = try await log.append(AppendRequest(command: Replicas.key(number * 3 + 1), writes: [])) }
        #expect(try await log.forgetCommands(recordedBefore: Instant(millisecondsSinceEpoch: .max)) == 4)
        await log.close()
        log = try Replicas.open(origin)
        _ = try await log.append(AppendRequest(command: Replicas.key(100), writes: []))
        #expect(try log.replicationEnd().command == 6)
        #expect(try log.verify().problems == [])
        await log.close()
    }

    @Test func `offsets are kept with what was read, or not at all`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 11, appends: 20)
        let batches = try Replicas.batches(of: log, limit: 5)
        var replica = try Replicas.open(copy, .replica)
        let offsets = [ReplicaOffset(topic: "a", partition: 0, next: 4), ReplicaOffset(topic: "a", partition: 1, next: 0)]
        _ = try await replica.replicate(batches[0], offsets: offsets)
        #expect(try replica.replicaOffsets() == offsets)
        var bad = batches[1]
        bad.rootHash = Hash256.of([1])
        let next = ReplicaOffset(topic: "a", partition: 0, next: 5)
        #expect(await code { _ = try await replica.replicate([bad], offsets: [next]) } == .forked)
        #expect(try replica.replicaOffsets() == offsets)
        _ = try await replica.replicate([], offsets: [next])
        #expect(try replica.replicaOffsets() == [next, offsets[1]])
        for bad in [
            ReplicaOffset(topic: "", partition: 0, next: 0), .init(topic: "a", partition: -1, next: 0), .init(topic: "a", partition: 0, next: -1),
        ] {
            #expect(await code { _ = try await replica.replicate([], offsets: [bad]) } == .invalidRequest)
        }
        #expect(try replica.verify().problems == [])
        await replica.close()
        replica = try Replicas.open(copy, .replica)
        #expect(try replica.replicaOffsets() == [next, offsets[1]])
        await replica.close()
        try Connection(path: copy.log, access: .writing).execute("UPDATE replica_offset SET next = 9 WHERE partition = 1")
        let reader = try SQLiteEventLog.openReadOnly(directory: copy.path)
        #expect(try reader.verify().problems.map(\.column) == ["replica_offset.row_hash"])
        #expect(try log.replicaOffsets() == [])
        await log.close()
    }

    @Test func `a replica is backed up and restored as what it is`() async throws {
        let log = try Replicas.open(origin)
        let replica = try Replicas.open(copy, .replica)
        let (backup, restored) = (try TemporaryDirectory(), try TemporaryDirectory())
        for round in 1...2 as ClosedRange<UInt64> {
            try await Replicas.fill(log, seed: 12 + round, appends: 20)
            for batch in try Replicas.batches(of: log, limit: 50) {
                _ = try await replica.replicate(batch, offsets: [ReplicaOffset(topic: "t", partition: 0, next: Int64(round))])
            }
            _ = try LogBackup(of: copy.path).backUp(to: backup.path, verify: .everything)
        }
        _ = try LogRestoration().restore(from: backup.path, to: restored.path)
        let again = try Replicas.open(restored, .replica)
        #expect(try again.head() == log.head())
        #expect(try again.replicaOffsets() == replica.replicaOffsets())
        _ = try await replica.promote()
        _ = try LogBackup(of: copy.path).backUp(to: backup.path, verify: .everything)
        #expect(try SQLiteEventLog.openReadOnly(directory: backup.path).role() == .writer)
        await log.close()
        await replica.close()
        await again.close()
    }

    @Test func `followers of a replica are woken`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 20, appends: 5)
        let replica = try Replicas.open(copy, .replica)
        async let next = replica.nextCommit(after: 0)
        for batch in try Replicas.batches(of: log, limit: 1000) { _ = try await replica.replicate(batch) }
        #expect(try await next == log.head().position)
        await log.close()
        await replica.close()
    }

    @Test func `nothing that is replicated per batch walks a table`() async throws {
        let replica = try Replicas.open(copy, .replica)
        await replica.close()
        let connection = try Connection(path: copy.log, access: .writing)
        for sql in Queries.hot + [Queries.setReplicaOffset] {
            let plan = try connection.prepare("EXPLAIN QUERY PLAN \(sql)")
            while try plan.step() {
                let step = plan.string(3)
                #expect(!step.hasPrefix("SCAN") || step == "SCAN CONSTANT ROW", "\(step) in \(sql)")
                #expect(!step.contains("TEMP B-TREE"), "\(step) in \(sql)")
            }
        }
    }
}
