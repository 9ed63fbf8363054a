import Synchronization

/// Ids of keys that are not what they were when they were made, in the order in which they changed: destroyed, or another patient's. In
/// memory, and not longer than there is use for: whoever comes too late reads all keys again.
final class KeyChangeJournal: Sendable {
    private struct State {
        /// How many changes there were before the first one kept.
        var dropped = 0
        var ids: [String] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: changes kept; twice as many at most.
    init(limit: Int = 10_000) { self.limit = limit }

    /// How many changes there were.
    var count: Int { state.withLock { $0.dropped + $0.ids.count } }

    /// To be called once the change is durable.
    func add(_ ids: some Sequence<String>) {
        state.withLock { state in
            state.ids += ids
            guard state.ids.count > 2 * limit else { return }
            let surplus = state.ids.count - limit
            state.ids.removeFirst(surplus)
            state.dropped += surplus
        }
    }

    /// Those after the first `count` changes, and how many there were; nil if they are not all kept.
    func changes(after count: Int) -> (ids: Set<String>, count: Int)? {
        state.withLock { state in
            guard state.dropped...(state.dropped + state.ids.count) ~= count else { return nil }
            return (Set(state.ids.dropFirst(count - state.dropped)), state.dropped + state.ids.count)
        }
    }
}
