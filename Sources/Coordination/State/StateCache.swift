import EventStore
import Synchronization

/// Recently used states, so that a stream is not read and folded for each command. Two generations: what is not asked for while one
/// generation fills is dropped with it. Bounded, and only a shortcut: an entry that is behind its stream makes an append conflict, after
/// which it is read afresh.
final class StateCache<State: Sendable>: Sendable {
    private struct Generations {
        var young: [StreamID: Recorded<State>] = [:]
        var old: [StreamID: Recorded<State>] = [:]
    }

    private let generations = Mutex(Generations())
    private let capacity: Int

    /// - Parameter capacity: entries per generation.
    init(capacity: Int = 8_192) {
        self.capacity = capacity
    }

    subscript(stream: StreamID) -> Recorded<State>? {
        generations.withLock { generations in
            if let found = generations.young[stream] { return found }
            guard let found = generations.old[stream] else { return nil }
            insert(found, for: stream, in: &generations)
            return found
        }
    }

    func insert(_ state: Recorded<State>, for stream: StreamID) {
        generations.withLock { insert(state, for: stream, in: &$0) }
    }

    func remove(_ stream: StreamID) {
        generations.withLock { generations in
            generations.young[stream] = nil
            generations.old[stream] = nil
        }
    }

    /// Takes a state out, so that whoever changes it holds the only copy.
    func take(_ stream: StreamID) -> Recorded<State>? {
        generations.withLock { generations in
            let young = generations.young.removeValue(forKey: stream)
            let old = generations.old.removeValue(forKey: stream)
            return young ?? old
        }
    }

    private func insert(_ state: Recorded<State>, for stream: StreamID, in generations: inout Generations) {
        // Two commands may come back in another order than they were recorded in.
        if let present = generations.young[stream] ?? generations.old[stream], present.version > state.version { return }
        if generations.young.count >= capacity {
            generations.old = generations.young
            generations.young = [:]
        }
        generations.young[stream] = state
    }
}
