import EventStore
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Transparency

@Suite struct TileTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func store(_ log: SyntheticLog) throws -> TileStore {
        try TileStore(path: directory.file("proofs.sqlite"), log: log)
    }

    // MARK: Paths

    @Test(arguments: [
        ("tile/0/000", TileID(.hashes(level: 0), index: 0)),
        ("tile/3/x001/x234/067", TileID(.hashes(level: 3), index: 1_234_067)),
        ("tile/63/999.p/255", TileID(.hashes(level: 63), index: 999, width: 255)),
        ("tile/entries/x123/000.p/1", TileID(.entries, index: 123_000, width: 1)),
        ("tile/entries/x009/x223/x372/x036/x854/x775/807", TileID(.entries, index: .max)),
    ])
    func `paths are those of the specification`(path: String, tile: TileID) {
        #expect(tile.path == path)
        #expect(TileID(path: path) == tile)
    }

    @Test(arguments: [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile/0/0", "tile/0/0000", "tile/0/x000/000", "tile/0/x001", "tile/0/001/000", "tile/00/000",
        "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
        "tile/0/000.p/1/", "tile/0/000/1", "tile/0/0x0", "tile/0/x1/000", "tile/Entries/000", "tile/entries/000.P/1", "/tile/0/000", "tile/0/000/",
        "tile//000", "tile/0/x010/x223/x372/x036/x854/x775/808", "tile/0/x001/x000/x000/x000/x000/x000/x000/000", "tile/0/٠٠٠", "tile/0/000.p/١",
        "tile/0/x000.p/001",
    ])
    func `anything else is refused`(path: String) {
        #expect(TileID(path: path) == nil)
    }

    @Test func `a log of 70 000 has the tiles the specification lists`() {
        let tiles = TileID.all(for: 70_000)
        func count(_ kind: TileID.Kind, width: Int64) -> Int { tiles.filter { $0.kind == kind && $0.width == width }.count }
        #expect(count(.hashes(level: 0), width: 256) == 273 && count(.hashes(level: 0), width: 112) == 1)
        #expect(count(.hashes(level: 1), width: 256) == 1 && count(.hashes(level: 1), width: 17) == 1)
        #expect(count(.hashes(level: 2), width: 1) == 1)
        #expect(count(.entries, width: 256) == 273 && count(.entries, width: 112) == 1)
        #expect(tiles.count == 551)
        #expect(TileID.all(for: 0).isEmpty)
        #expect(
            Set(TileID.all(for: 256)) == [
                TileID(.hashes(level: 0), index: 0), TileID(.entries, index: 0), TileID(.hashes(level: 1), index: 0, width: 1),
            ]
        )
        let old = Set(TileID.all(for: 69_900))
        #expect(old.union(TileID.all(for: 70_000, since: 69_900)).isSuperset(of: tiles))
    }

    // MARK: Proofs

    @Test func `proofs and roots are right whether or not tiles reach that far`() throws {
        let log = SyntheticLog(count: 66_600)
        let tiles = try store(log)
        let prover = LogProver(log: log, tiles: tiles)
        let seed: UInt64 = 11
        var random = SplitMix64(seed: seed)
        for covered in [300, 66_600] as [Int64] {
            try tiles.catchUp(to: covered)
            for size in [1, 255, 256, 257, 65_535, 65_536, 65_537, 66_600] {
                let tree = try prover.tree(of: Int64(size))
                #expect(tree.rootHash == log.root(of: size), "seed \(seed), size \(size)")
                let position = Int.random(in: 1...size, using: &random)
                let inclusion = try prover.inclusion(of: Int64(position), in: Int64(size))
                #expect(inclusion.isValid && inclusion.leafHash == log.leaf(position - 1) && inclusion.tree == tree, "seed \(seed)")
                let old = [0, 1, 255, 256, 1000, 65_536, 66_000, size].filter { $0 <= size }.randomElement(using: &random) ?? size
                let consistency = try prover.consistency(from: Int64(old), to: Int64(size))
                #expect(consistency.isValid && consistency.new == tree && consistency.old.rootHash == log.root(of: old), "seed \(seed)")
            }
        }
        #expect(try prover.tree(of: 0).rootHash == MerkleTree.emptyRoot)
    }

    @Test func `with tiles a proof reads little of the log`() throws {
        let log = SyntheticLog(count: 200_000)
        let tiles = try store(log)
        try tiles.catchUp(to: 200_000)
        let before = log.leavesRead
        _ = try LogProver(log: log, tiles: tiles).inclusion(of: 12_345, in: 200_000)
        #expect(log.leavesRead - before <= 300)
    }

    @Test func `what the log does not have is refused`() throws {
        let log = SyntheticLog(count: 1000)
        let prover = LogProver(log: log, tiles: try store(log))
        let beyond = TransparencyError(.beyondLog, "")
        #expect(throws: beyond) { try prover.tree(of: 1001) }
        #expect(throws: beyond) { try prover.tree(of: -1) }
        #expect(throws: beyond) { try prover.inclusion(of: 0, in: 10) }
        #expect(throws: beyond) { try prover.inclusion(of: 11, in: 10) }
        #expect(throws: beyond) { try prover.inclusion(of: .max, in: .max) }
        #expect(throws: beyond) { try prover.consistency(from: 11, to: 10) }
        for tile in [
            TileID(.hashes(level: 0), index: 3), TileID(.hashes(level: 0), index: 3, width: 233), TileID(.hashes(level: 1), index: 0, width: 4),
            TileID(.hashes(level: 2), index: 0, width: 1), TileID(.hashes(level: 63), index: 0, width: 1), TileID(.hashes(level: 0), index: .max),
            TileID(.entries, index: 3), TileID(.hashes(level: 0), index: -1), TileID(.hashes(level: 0), index: 0, width: 0),
        ] {
            #expect(throws: beyond) { try prover.resource(tile, upTo: 1000) }
        }
    }

    @Test(arguments: [1, 255, 256, 257, 1000, 65_536, 70_000])
    func `tiles hold the hashes of the definition`(size: Int) throws {
        let log = SyntheticLog(count: size)
        let tiles = try store(log)
        try tiles.catchUp(to: Int64(size))
        let prover = LogProver(log: log, tiles: tiles)
        var level = (0..<size).map { log.leaf($0) }
        for number in 0...2 where !level.isEmpty {
            for index in Set([0, (level.count - 1) / 256]) {
                let expected = Array(level.dropFirst(index * 256).prefix(256))
                let tile = TileID(.hashes(level: number), index: Int64(index), width: Int64(expected.count))
                #expect(try prover.resource(tile, upTo: Int64(size)) == expected.flatMap(\.bytes))
            }
            level = stride(from: 0, to: level.count - 255, by: 256).map { start in
                var frontier = MerkleFrontier()
                for hash in level[start..<start + 256] { frontier.append(hash) }
                return frontier.root
            }
        }
    }

    // MARK: Damage

    @Test func `a damaged tile is put right from the log`() throws {
        let log = SyntheticLog(count: 70_000)
        let tiles = try store(log)
        try tiles.catchUp(to: 70_000)
        let database = try DatabaseQueue(path: directory.file("proofs.sqlite"))
        try database.write { try $0.execute(sql: "UPDATE tile SET hashes = zeroblob(8192)") }
        let prover = LogProver(log: log, tiles: tiles)
        #expect(try prover.inclusion(of: 5, in: 70_000).isValid)
        #expect(try tiles.tile(level: 0, index: 0)?.root != nil)
        #expect(try tiles.tile(level: 1, index: 0)?.root != nil)
        #expect(tiles.size == 69_888)
    }

    @Test(arguments: ["UPDATE tile SET root = zeroblob(32)", "DELETE FROM tile", "UPDATE tile SET hashes = x'00', root = x'00'"])
    func `a damaged store is built anew`(damage: String) throws {
        let log = SyntheticLog(count: 70_000)
        let tiles = try store(log)
        try tiles.catchUp(to: 70_000)
        try DatabaseQueue(path: directory.file("proofs.sqlite")).write { try $0.execute(sql: damage) }
        #expect(try LogProver(log: log, tiles: tiles).inclusion(of: 5, in: 70_000).isValid)
        #expect(try LogProver(log: log, tiles: tiles).tree(of: 70_000).rootHash == log.root(of: 70_000))
    }

    @Test func `tiles that were made for another history are found by the root`() throws {
        let other = try store(SyntheticLog(count: 1000, salt: "other"))
        try other.catchUp(to: 1000)
        let log = SyntheticLog(count: 1000)
        let tiles = try store(log)
        #expect(tiles.size == 768)
        let prover = LogProver(log: log, tiles: tiles)
        #expect(try prover.inclusion(of: 5, in: 900).isValid)
        #expect(try prover.resource(TileID(.hashes(level: 0), index: 0), upTo: 1000).prefix(32) == log.leaf(0).bytes[...])
    }

    @Test func `a file that is no database is begun again`() throws {
        let path = directory.file("proofs.sqlite")
        try Data("not a database at all, but long enough to be looked at as if it were one".utf8).write(to: URL(fileURLWithPath: path))
        let log = SyntheticLog(count: 1000)
        let tiles = try TileStore(path: path, log: log)
        #expect(try LogProver(log: log, tiles: tiles).inclusion(of: 5, in: 900).isValid)
        #expect(FileManager.default.fileExists(atPath: "\(path).damaged"))
    }

    // MARK: Following

    @Test func `the follower builds what is there, then what comes`() async throws {
        let log = SyntheticLog(count: 1000)
        let tiles = try store(log)
        let follower = TileFollower(log: log, tiles: tiles)
        #expect(try await follower.loadCheckpoint() == FollowerCheckpoint(position: 768, epoch: 1))
        log.grow(by: 100)
        try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 1023, epoch: 1)))
        #expect(tiles.size == 768)
        try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 1100, epoch: 1)))
        #expect(tiles.size == 1024)
        #expect(try TileStore(path: directory.file("proofs.sqlite"), log: log).size == 1024)
        let newer = EventPage(events: [], checkpoint: FollowerCheckpoint(position: 1100, epoch: 2))
        try await follower.handle(newer)
        log.grow(by: 300)
        try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 1300, epoch: 3)))
        log.grow(by: 300)
        await #expect(throws: EventStoreError(.ownedByAnother, "")) {
            try await follower.handle(EventPage(events: [], checkpoint: FollowerCheckpoint(position: 1700, epoch: 2)))
        }
    }

    @Test func `a log restored to an older copy gets tiles of its own`() async throws {
        let tiles = try store(SyntheticLog(count: 5000, salt: "lost"))
        try tiles.catchUp(to: 5000)
        let log = SyntheticLog(count: 1000)
        let again = try store(log)
        #expect(try await TileFollower(log: log, tiles: again).loadCheckpoint().position == 768)
        #expect(try LogProver(log: log, tiles: again).inclusion(of: 700, in: 1000).isValid)
    }
}
