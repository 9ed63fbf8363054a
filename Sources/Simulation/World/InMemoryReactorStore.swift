public import EventStore
import Synchronization
public import Timekeeping

/// Checkpoints and parked events that end with the process, as the in-memory log does that they belong to.
public final class InMemoryReactorStore: ReactorStore {
    private struct State {
        var checkpoints: [String: FollowerCheckpoint] = [:]
        var parked: [ParkedItem] = []
        var discarded: [DiscardedItem] = []
        var lastID: Int64 = 0

        func sequences(of reactor: String) -> Set<StreamID> { Set(parked.lazy.filter { $0.reactor == reactor }.map(\.sequence)) }

        mutating func park(_ request: ParkingRequest, of reactor: String) {
            guard !parked.contains(where: { $0.reactor == reactor && $0.position == request.position }) else { return }
            lastID += 1
            parked.append(
                ParkedItem(
                    id: lastID,
                    reactor: reactor,
                    sequence: request.sequence,
                    position: request.position,
                    problem: request.problem,
                    since: request.since,
                    attempts: request.attempts
                )
            )
        }
    }

    private let state = Mutex(State())

    public init() {}

    /// As if the file were lost.
    func forget() { state.withLock { $0 = State() } }

    public func checkpoint(of reactor: String) -> FollowerCheckpoint { state.withLock { $0.checkpoints[reactor] ?? .start } }

    public func parkedSequences(of reactor: String) -> Set<StreamID> { state.withLock { $0.sequences(of: reactor) } }

    public func save(_ checkpoint: FollowerCheckpoint, of reactor: String, parking: [ParkingRequest], knowing known: Set<StreamID>) -> Bool {
        state.withLock { state in
            guard state.sequences(of: reactor) == known else { return false }
            guard checkpoint.mayReplace(state.checkpoints[reactor] ?? .start) else { return true }
            state.checkpoints[reactor] = checkpoint
            for request in parking { state.park(request, of: reactor) }
            return true
        }
    }

    public func park(_ request: ParkingRequest, of reactor: String) { state.withLock { $0.park(request, of: reactor) } }

    public func parked(of reactor: String?, sequence: StreamID?) -> [ParkedItem] {
        state.withLock { state in
            state.parked
                .filter { (reactor == nil || $0.reactor == reactor) && (sequence == nil || $0.sequence == sequence) }
                .sorted { ($0.reactor, $0.position) < ($1.reactor, $1.position) }
        }
    }

    public func note(_ problem: String, on item: ParkedItem) {
        state.withLock { state in
            guard let index = state.parked.firstIndex(where: { $0.id == item.id }) else { return }
            state.parked[index] = ParkedItem(
                id: item.id,
                reactor: item.reactor,
                sequence: item.sequence,
                position: item.position,
                problem: problem,
                since: item.since,
                attempts: state.parked[index].attempts + 1
            )
        }
    }

    public func unpark(_ item: ParkedItem) { state.withLock { $0.parked.removeAll { $0.id == item.id } } }

    public func discard(_ id: Int64, reason: String, by: String, at: Instant) -> DiscardedItem? {
        state.withLock { state in
            guard let index = state.parked.firstIndex(where: { $0.id == id }) else { return nil }
            let discarded = DiscardedItem(item: state.parked.remove(at: index), by: by, at: at, reason: reason)
            state.discarded.append(discarded)
            return discarded
        }
    }

    public func discarded() -> [DiscardedItem] { state.withLock { $0.discarded } }
}
