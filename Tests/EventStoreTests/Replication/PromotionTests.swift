import Foundation
import TestSupport
import Testing
import Timekeeping

@testable import EventStore

/// A replica refuses appends, until it is the writer.
@Suite(.timeLimit(.minutes(5))) struct PromotionTests {
    let origin: TemporaryDirectory
    let copy: TemporaryDirectory

    init() throws {
        origin = try TemporaryDirectory()
        copy = try TemporaryDirectory()
    }

    private func replicate(_ log: SQLiteEventLog, to replica: SQLiteEventLog) async throws {
        for batch in try Replicas.batches(of: log, limit: 100) { _ = try await replica.replicate(batch) }
    }

    @Test func `a replica refuses appends, a writer's log what another recorded`() async throws {
        let log = try Replicas.open(origin)
        let replica = try Replicas.open(copy, .replica)
        #expect(log.role == .writer && replica.role == .replica)
        #expect(await code { _ = try await replica.append(AppendRequest(writes: [Maker().write(stream(1))])) } == .notTheWriter)
        // Also one that was sealed before the role was looked at.
        let late = try await PreparedAppend(AppendRequest(writes: [Maker().write(stream(1))]), logIdentity: "test", sealer: PlainSealer())
        #expect(await code { _ = try await replica.writer.append(late) } == .notTheWriter)
        #expect(try replica.head().position == 0)
        #expect(await code { _ = try await log.replicate([]) } == .notAReplica)
        #expect(await code { _ = try await log.writer.replicate([], []) } == .notAReplica)
        await log.close()
        await replica.close()
    }

    @Test func `a directory is opened as what it is`() async throws {
        let epoch = try await { () async throws -> Int64 in
            let replica = try Replicas.open(copy, .replica)
            defer { withExtendedLifetime(replica) {} }
            await replica.close()
            return replica.epoch
        }()
        #expect(epoch == 0)
        #expect(await code { _ = try Replicas.open(copy) } == .notPromoted)
        #expect(try SQLiteEventLog.openReadOnly(directory: copy.path).role() == .replica)
        // Being opened again and again does not carry it away from its writer.
        for _ in 0..<3 { await (try Replicas.open(copy, .replica)).close() }
        #expect(try SQLiteEventLog.openReadOnly(directory: copy.path).head().epoch == 0)
        await (try Replicas.open(origin)).close()
        #expect(await code { _ = try Replicas.open(origin, .replica) } == .notAReplica)
        #expect(try SQLiteEventLog.openReadOnly(directory: origin.path).role() == .writer)
        #expect(try SQLiteEventLog.openReadOnly(directory: origin.path).verify().problems == [])
        #expect(await code { _ = try Replicas.open(copy, .replica, identity: "other") } == .wrongLog)
        let strict = SQLiteEventLog.Configuration(directory: origin.path + "/none", identity: "test", createsIfMissing: false, role: .replica)
        #expect(await code { _ = try SQLiteEventLog.open(strict) } == .notALog)
    }

    @Test func `a log that was never a replica keeps its schema`() async throws {
        await (try Replicas.open(origin)).close()
        await (try Replicas.open(copy, .replica)).close()
        func schema(_ directory: TemporaryDirectory) throws -> Int64? {
            try Schema.foundVersion(on: Connection(path: directory.log, access: .reading))
        }
        #expect(try schema(origin) == 2)
        // A release that knows no replicas must not append to one.
        #expect(try schema(copy) == 3)
    }

    @Test func `the promoted replica goes on where its writer ended`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 40, appends: 50)
        let replica = try Replicas.open(copy, .replica)
        try await replicate(log, to: replica)
        let head = try await replica.promote()
        #expect(head.epoch == StoredHead.restorationStep)
        #expect(head.rootHash == (try log.head().rootHash))
        #expect(try await replica.promote() == head)
        #expect(replica.role == .writer && replica.epoch == head.epoch)
        let end = try replica.replicationEnd()

        // Every command of the old writer is recognised, with its first answer.
        for number in 0..<50 {
            let key = Replicas.key(number, seed: 40)
            guard let known = try log.command(scope: key.scope, key: "40-\(number)") else { continue }
            let outcome = try await replica.append(AppendRequest(command: key, writes: [Maker(seed: 900).write(stream(3))]))
            #expect(outcome == .repeated(answer: known.answer, position: known.position))
        }
        #expect(try replica.head().position == head.position)
        let version = try replica.version(of: stream(1))
        _ = try await replica.append(AppendRequest(writes: [Maker(seed: 901).write(stream(1), .exactly(version))]))
        #expect(try replica.verify().problems == [])
        #expect(await code { _ = try await replica.replicate(try Replicas.batches(of: log, limit: 10)[0]) } == .notAReplica)
        // What it hands over from here is what is new.
        let page = try replica.replicationPage(after: end, limit: 100, byteLimit: 1 << 20)
        #expect(page.events.map(\.position) == [head.position + 1])
        #expect(page.head.epoch == head.epoch)
        await replica.close()

        let again = try Replicas.open(copy)
        #expect(again.role == .writer && again.epoch == StoredHead.restorationStep + 1)
        #expect(try again.verify().problems == [])
        await again.close()
        #expect(await code { _ = try Replicas.open(copy, .replica) } == .notAReplica)
        await log.close()
    }

    @Test func `another replica follows the promoted one, and no longer the old writer`() async throws {
        let log = try Replicas.open(origin)
        try await Replicas.fill(log, seed: 41, appends: 30)
        let third = try TemporaryDirectory()
        let (promoted, follower) = (try Replicas.open(copy, .replica), try Replicas.open(third, .replica))
        try await replicate(log, to: promoted)
        try await replicate(log, to: follower)
        _ = try await promoted.promote()
        try await Replicas.fill(promoted, seed: 42, appends: 30)
        try await replicate(promoted, to: follower)
        #expect(try follower.head() == promoted.head())
        // The old writer went on, as long as it did not know.
        try await Replicas.fill(log, seed: 43, appends: 60)
        let refusal = await code { try await replicate(log, to: follower) }
        #expect(refusal == .forked || refusal == .staleEpoch)
        #expect(try follower.head() == promoted.head())
        #expect(try follower.verify().problems == [])
        for log in [log, promoted, follower] { await log.close() }
    }

    @Test(arguments: [false, true])
    func `a promotion that fails is taken back, or repeated`(isKept: Bool) async throws {
        let gate = PauseGate()
        let replica = try SQLiteEventLog.open(.init(directory: copy.path, identity: "test", role: .replica, pause: gate.pause))
        try replica.withWriterConnection { try $0.execute("PRAGMA query_only = ON") }
        var news = replica.healthChanges().makeAsyncIterator()
        _ = await news.next()
        #expect(await code { _ = try await replica.promote() } == .storageUnavailable)
        #expect(replica.role == .replica)
        _ = await news.next()
        // The commit that seemed to fail may be on the disk.
        if isKept { _ = try StoredHead.promote(on: Connection(path: copy.log, access: .writing)) }
        await gate.pass()
        let next = await news.next()
        if isKept {
            guard case .closed(let reason)? = next else { return #expect(Bool(false), "\(String(describing: next))") }
            #expect(reason.code == .notAReplica)
            await replica.close()
            let log = try Replicas.open(copy)
            #expect(log.epoch == StoredHead.restorationStep + 1)
            await log.close()
        } else {
            #expect(next == .accepting)
            #expect(try await replica.promote().epoch == StoredHead.restorationStep)
            _ = try await replica.append(AppendRequest(writes: [Maker().write(stream(1))]))
            #expect(try replica.verify().problems == [])
            await replica.close()
        }
    }

    @Test(arguments: [
        "UPDATE meta SET value = 'writer 0' WHERE name = 'role'", "UPDATE meta SET value = 'replica' WHERE name = 'role'",
        "DELETE FROM meta WHERE name = 'role'", "DROP TABLE replica_offset", "UPDATE meta SET value = '2' WHERE name = 'schema'",
    ])
    func `verify finds a changed role`(statement: String) async throws {
        await (try Replicas.open(copy, .replica)).close()
        try Connection(path: copy.log, access: .writing).execute(statement)
        #expect(try !SQLiteEventLog.openReadOnly(directory: copy.path).verify().isSound)
    }
}
