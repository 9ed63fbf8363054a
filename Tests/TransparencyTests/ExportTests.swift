import EventStore
import Foundation
import TestSupport
import Testing

@testable import Transparency

@Suite struct ExportTests {
    @Test func `an export holds all that its checkpoint needs, and grows with the log`() async throws {
        let directory = try TemporaryDirectory()
        let log = try SQLiteEventLog.open(.init(directory: directory.file("log"), identity: "cpts-demo"))
        let tiles = try TileStore(path: directory.file("proofs.sqlite"), log: log)
        let store = CheckpointStore(log: log, tiles: tiles, key: try Fixture.logKey())
        let prover = LogProver(log: log, tiles: tiles)
        let folder = directory.file("export")
        var old: Int64 = 0
        for growth in [600, 300] {
            try await Fixture.append(growth, to: log, seed: UInt64(growth))
            let issued = try store.issue()
            try StaticExport(of: prover, to: folder).write(issued, key: store.verifierKey, since: old)
            old = issued.checkpoint.tree.size
            #expect(try entries(in: folder, size: old) == (try log.read(after: 0, limit: 1000)).map(\.leafHash))
        }
        let note = try SignedNote(bytes: Array(Data(contentsOf: URL(fileURLWithPath: "\(folder)/checkpoint"))))
        #expect(try Checkpoint(note, trusting: [store.verifierKey]).tree == log.head().tree)
        await log.close()
    }

    /// The leaf hashes of the exported entries.
    private func entries(in folder: String, size: Int64) throws -> [Hash256] {
        try TileID.all(for: size).filter { $0.kind == .entries }.flatMap { tile in
            var rest = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(tile.path)")))[...]
            var hashes: [Hash256] = []
            while !rest.isEmpty {
                let length = try #require(BigEndian.decode(rest.prefix(2), as: UInt16.self))
                hashes.append(MerkleTree.leafHash(of: rest.dropFirst(2).prefix(Int(length))))
                rest = rest.dropFirst(2 + Int(length))
            }
            #expect(hashes.count == Int(tile.width))
            return hashes
        }
    }

    @Test func `a log whose rows were changed proves nothing`() async throws {
        let directory = try TemporaryDirectory()
        let log = SyntheticLog(count: 100)
        let prover = LogProver(log: WrongHeadLog(of: log), tiles: try TileStore(path: directory.file("proofs.sqlite"), log: log))
        #expect(throws: TransparencyError(.inconsistent, "")) { try prover.inclusion(of: 1, in: 100) }
        #expect(throws: TransparencyError(.inconsistent, "")) { try prover.resource(TileID(.hashes(level: 0), index: 0, width: 100), upTo: 100) }
    }
}
