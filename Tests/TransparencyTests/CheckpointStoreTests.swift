import EventStore
import GRDB
import Testing

@testable import Transparency

@Suite struct CheckpointStoreTests {
    let directory: TemporaryDirectory
    let clock = ManualClock()

    init() throws { directory = try TemporaryDirectory() }

    private func store(_ log: SyntheticLog) throws -> CheckpointStore {
        let tiles = try TileStore(path: directory.file("proofs.sqlite"), log: log)
        return CheckpointStore(log: log, tiles: tiles, key: try Fixture.logKey(), time: clock.source)
    }

    @Test func `at most one a minute is issued unasked`() throws {
        let log = SyntheticLog(count: 300)
        let store = try store(log)
        #expect(try store.latest() == nil)
        let first = try store.current()
        #expect(try Checkpoint(first.note, trusting: [store.verifierKey]).tree == log.head().tree)
        log.grow(by: 1)
        #expect(try store.current() == first)
        #expect(try store.issue().checkpoint.tree.size == 301)
        log.grow(by: 1)
        clock.advance(by: CheckpointStore.interval - 1)
        #expect(try store.current().checkpoint.tree.size == 301)
        clock.advance(by: 1)
        #expect(try store.current().checkpoint.tree.size == 302)
        clock.advance(by: CheckpointStore.interval)
        #expect(try store.current() == store.issued(for: 302))
        #expect(try store.issued(for: 300) == first)
    }

    @Test func `what contradicts a signed checkpoint is not signed`() throws {
        _ = try store(SyntheticLog(count: 300)).issue()
        #expect(throws: TransparencyError(.beyondLog, "")) { try store(SyntheticLog(count: 299)).issue() }
        #expect(throws: TransparencyError(.inconsistent, "")) { try store(SyntheticLog(count: 300, salt: "other")).issue() }
        #expect(throws: TransparencyError(.inconsistent, "")) { try store(SyntheticLog(count: 400, salt: "other")).issue() }
        #expect(try store(SyntheticLog(count: 400)).issue().checkpoint.tree.size == 400)
    }

    @Test func `a changed checkpoint is not given out`() throws {
        let store = try store(SyntheticLog(count: 300))
        _ = try store.issue()
        try DatabaseQueue(path: directory.file("proofs.sqlite")).write {
            try $0.execute(sql: "UPDATE checkpoint SET note = replace(note, '300', '301')")
        }
        #expect(throws: TransparencyError(.badSignature, "")) { try store.latest() }
    }
}
