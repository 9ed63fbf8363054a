package import EventStore
import Synchronization

/// Recently used states, so that a stream is not read and folded for each command. Two generations: what is not asked for while one
/// generation fills is dropped with it. Bounded, and only a shortcut: an entry that is behind its stream makes an append conflict, after
/// which it is read afresh.
package final class StateCache<State: Sendable>: Sendable {
    private struct Entry {
        var recorded: Recorded<State>
        var cost: Int
    }

    private struct Generations {
        var young: [StreamID: Entry] = [:]
        var old: [StreamID: Entry] = [:]
        var costOfYoung = 0
    }

    private let generations = Mutex(Generations())
    private let capacity: Int
    private let cost: @Sendable (State) -> Int

    /// - Parameters:
    ///   - capacity: what the states of a generation may cost together; one that costs more is kept alone.
    ///   - cost: of a state; each counts one if left out.
    package init(capacity: Int = 8_192, cost: @escaping @Sendable (State) -> Int = { _ in 1 }) {
        self.capacity = capacity
        self.cost = cost
    }

    package subscript(stream: StreamID) -> Recorded<State>? {
        generations.withLock { generations in
            if let found = generations.young[stream] { return found.recorded }
            guard let found = generations.old.removeValue(forKey: stream) else { return nil }
            insert(found, for: stream, in: &generations)
            return found.recorded
        }
    }

    /// What all that it holds costs: twice its capacity at most, but for what one alone costs more.
    package var totalCost: Int { generations.withLock { $0.costOfYoung + $0.old.values.reduce(0) { $0 + $1.cost } } }

    package func insert(_ state: Recorded<State>, for stream: StreamID) {
        let entry = Entry(recorded: state, cost: cost(state.state))
        generations.withLock { generations in
            // Two commands may come back in another order than they were recorded in.
            if let present = generations.young[stream] ?? generations.old[stream], present.recorded.version > state.version { return }
            _ = take(stream, from: &generations)
            insert(entry, for: stream, in: &generations)
        }
    }

    package func remove(_ stream: StreamID) { _ = take(stream) }

    /// Takes a state out, so that whoever changes it holds the only copy.
    package func take(_ stream: StreamID) -> Recorded<State>? { generations.withLock { take(stream, from: &$0)?.recorded } }

    /// Changes a state in its place, if it is there: without a copy, unless somebody else holds one.
    package func update(_ stream: StreamID, _ change: (inout Recorded<State>) -> Void) {
        generations.withLock { generations in
            guard var entry = take(stream, from: &generations) else { return }
            change(&entry.recorded)
            entry.cost = cost(entry.recorded.state)
            insert(entry, for: stream, in: &generations)
        }
    }

    private func take(_ stream: StreamID, from generations: inout Generations) -> Entry? {
        if let entry = generations.young.removeValue(forKey: stream) {
            generations.costOfYoung -= entry.cost
            return entry
        }
        return generations.old.removeValue(forKey: stream)
    }

    /// - Parameter entry: in neither generation.
    private func insert(_ entry: Entry, for stream: StreamID, in generations: inout Generations) {
        if generations.costOfYoung + entry.cost > capacity, !generations.young.isEmpty {
            generations.old = generations.young
            generations.young = [:]
            generations.costOfYoung = 0
        }
        generations.young[stream] = entry
        generations.costOfYoung += entry.cost
    }
}
