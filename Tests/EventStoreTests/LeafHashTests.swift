import TestSupport
import Testing

@testable import EventStore

/// Leaf hashes are read without their events.
@Suite struct LeafHashTests {
    @Test(arguments: LogKind.allCases)
    func `leaf hashes are those of the events`(kind: LogKind) async throws {
        try await kind.withLog { log in
            _ = try await log.append(AppendRequest(writes: [Maker(seed: 60).write(stream(1), count: 20)]))
            let expected = try log.read(after: 0, limit: 100).map(\.leafHash)
            #expect(try log.leafHashes(after: 0, limit: 100) == expected)
            #expect(try log.leafHashes(after: 5, limit: 3) == Array(expected[5..<8]))
            #expect(try log.leafHashes(after: 20, limit: 3).isEmpty)
            #expect(try log.leafHashes(after: 0, limit: 0).isEmpty && log.leafHashes(after: 0, limit: -1).isEmpty)
        }
    }

    @Test func `a missing position is an error, not a shift`() async throws {
        let directory = try TemporaryDirectory()
        let log = try SQLiteEventLog.open(.init(directory: directory.path, identity: "test"))
        _ = try await log.append(AppendRequest(writes: [Maker(seed: 61).write(stream(1), count: 5)]))
        try Tampering.change(directory.log) { try $0.execute("DELETE FROM event WHERE position = 3") }
        #expect(try log.leafHashes(after: 3, limit: 9).count == 2)
        #expect(await code { _ = try log.leafHashes(after: 0, limit: 9) } == .corrupted)
        await log.close()
    }
}
