import EventStore
import Foundation
import GRDB
import LogTesting
import Synchronization
import TestSupport
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
        clock.advance(milliseconds: CheckpointStore.interval - 1)
        #expect(try store.current().checkpoint.tree.size == 301)
        clock.advance(milliseconds: 1)
        #expect(try store.current().checkpoint.tree.size == 302)
        clock.advance(milliseconds: CheckpointStore.interval)
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

    static let damages = [
        "UPDATE checkpoint SET note = replace(note, '300', '301') WHERE size = 300",
        "UPDATE checkpoint SET note = 'no note' WHERE size = 300",
        "UPDATE checkpoint SET note = '' WHERE size = 300",
        "UPDATE checkpoint SET note = CAST(x'ff00fe' AS TEXT) WHERE size = 300",
        "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 200) WHERE size = 300",
    ]

    /// What is kept is derived: damage to it is nobody's fault who asks for a proof.
    @Test(arguments: damages)
    func `a damaged checkpoint is dropped and signed anew`(damage: String) throws {
        let log = SyntheticLog(count: 200)
        let reports = Mutex<[String]>([])
        let tiles = try TileStore(path: directory.file("proofs.sqlite"), log: log)
        let store = CheckpointStore(log: log, tiles: tiles, key: try Fixture.logKey(), time: clock.source) { text in
            reports.withLock { $0.append(text) }
        }
        let first = try store.issue()
        log.grow(by: 100)
        let second = try store.issue()
        try DatabaseQueue(path: directory.file("proofs.sqlite")).write { try $0.execute(sql: damage) }
        try store.add(second.note.signatures, to: 300)
        #expect(try store.latest() == first)
        #expect(try store.issued(for: 300) == nil)
        #expect(reports.withLock { $0.count } == 1)
        #expect(try store.current().checkpoint == second.checkpoint || store.issue().checkpoint == second.checkpoint)
        #expect(try store.issue().note == second.note)
        #expect(try store.latest()?.note == second.note)
    }

    // MARK: Where nothing may be written

    @Test(arguments: [true, false])
    func `a checkpoint is signed and proven where nothing may be written`(hasKept: Bool) throws {
        let log = SyntheticLog(count: 1000)
        let path = directory.file("proofs.sqlite")
        var kept: CheckpointStore.Issued?
        if hasKept {
            // Closed, so that the file stands alone, as in a copy.
            kept = try store(log).issue()
            #expect(!FileManager.default.fileExists(atPath: "\(path)-wal"))
        }
        let before = FileManager.default.contents(atPath: path)
        log.grow(by: 1000)
        try withReadOnlyDirectory(directory.path, files: hasKept ? ["proofs.sqlite"] : []) {
            let reports = Mutex<[String]>([])
            let tiles = try TileStore(path: path, log: log) { text in reports.withLock { $0.append(text) } }
            let store = CheckpointStore(log: log, tiles: tiles, key: try Fixture.logKey(), time: clock.source)
            #expect(reports.withLock { $0.count } == 1)
            #expect(try store.latest() == kept)
            #expect(try store.issue().checkpoint.tree == log.head().tree)
            try tiles.catchUp(to: 2000)
            #expect(tiles.size == 1792)
            #expect(try LogProver(log: log, tiles: tiles).inclusion(of: 1500, in: 2000).isValid)
        }
        #expect(FileManager.default.contents(atPath: path) == before)
        #expect(try store(log).latest() == kept)
    }

    @Test func `history that was signed is not contradicted where nothing may be written`() throws {
        _ = try store(SyntheticLog(count: 300)).issue()
        try withReadOnlyDirectory(directory.path, files: ["proofs.sqlite"]) {
            #expect(throws: TransparencyError(.inconsistent, "")) { try store(SyntheticLog(count: 400, salt: "other")).issue() }
        }
    }
}
