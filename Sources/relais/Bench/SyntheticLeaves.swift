import EventStore

/// A log of made-up leaves, without events: as large as wanted.
final class SyntheticLeaves: EventReader {
    let identity = "bench"
    private let leaves: [Hash256]
    private let end: LogHead

    init(count: Int) {
        var frontier = MerkleFrontier()
        var leaves: [Hash256] = []
        leaves.reserveCapacity(count)
        for number in 0..<count {
            let leaf = withUnsafeBytes(of: number) { Hash256.of($0) }
            leaves.append(leaf)
            frontier.append(leaf)
        }
        self.leaves = leaves
        end = LogHead(position: frontier.size, rootHash: frontier.root, epoch: 1)
    }

    func head() throws -> LogHead { end }

    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        guard let start = Int(exactly: position), start >= 0, limit > 0, start < leaves.count else { return [] }
        return Array(leaves[start..<min(leaves.count, start + limit)])
    }

    // What a log of leaves does not have.
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func version(of stream: StreamID) throws -> Int64 { 0 }
    func attachment(of position: Int64) throws -> [UInt8]? { nil }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {}
    func command(scope: String, key: String) throws -> RecordedCommand? { nil }
    func commandCounts(scope: String) throws -> CommandCounts { CommandCounts(repeats: 0, reuses: 0) }
    func nextCommit(after position: Int64) async throws -> Int64 { throw CancellationError() }
}
