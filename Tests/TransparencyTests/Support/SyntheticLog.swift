import EventStore
import Synchronization

/// A log of made-up leaves: as large as wanted, without events.
final class SyntheticLog: EventReader {
    private struct State {
        var leaves: [Hash256] = []
        var frontier = MerkleFrontier()
        var leavesRead = 0
        var roots: [Int: Hash256] = [:]
    }

    let identity = "test"
    private let state = Mutex(State())

    init(count: Int = 0, salt: String = "") {
        grow(by: count, salt: salt)
    }

    func grow(by count: Int, salt: String = "") {
        state.withLock { state in
            for _ in 0..<count {
                let leaf = Hash256.of(Array("\(salt)\(state.leaves.count)".utf8))
                state.leaves.append(leaf)
                state.frontier.append(leaf)
            }
        }
    }

    /// Leaves given out so far.
    var leavesRead: Int { state.withLock { $0.leavesRead } }

    /// The root over the first `size` leaves, computed one by one.
    func root(of size: Int) -> Hash256 {
        state.withLock { state in
            if let known = state.roots[size] { return known }
            var frontier = MerkleFrontier()
            for leaf in state.leaves.prefix(size) { frontier.append(leaf) }
            state.roots[size] = frontier.root
            return frontier.root
        }
    }

    func leaf(_ index: Int) -> Hash256 { state.withLock { $0.leaves[index] } }

    func head() throws -> LogHead {
        state.withLock { LogHead(position: $0.frontier.size, rootHash: $0.frontier.root, epoch: 1) }
    }

    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        state.withLock { state in
            let leaves = Array(state.leaves.dropFirst(Int(position)).prefix(limit))
            state.leavesRead += leaves.count
            return leaves
        }
    }

    // MARK: What a log of leaves does not have

    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func version(of stream: StreamID) throws -> Int64 { 0 }
    func attachment(of position: Int64) throws -> [UInt8]? { nil }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {}
    func command(scope: String, key: String) throws -> RecordedCommand? { nil }
    func commandCounts(scope: String) throws -> CommandCounts { CommandCounts(repeats: 0, reuses: 0) }
    func nextCommit(after position: Int64) async throws -> Int64 { throw CancellationError() }
}
