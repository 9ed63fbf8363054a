import Synchronization

/// The master key in use, and while a rotation commits, the one it goes to: rows are read under either.
final class MasterRing: Sendable {
    private struct State {
        var current: MasterKey
        var incoming: MasterKey?
    }

    private let state: Mutex<State>

    init(_ master: MasterKey) {
        state = Mutex(State(current: master))
    }

    var current: MasterKey { state.withLock { $0.current } }

    /// The key of that id, if it is one of them.
    func key(named id: String) -> MasterKey? {
        state.withLock { state in
            if state.current.id == id { return state.current }
            return state.incoming.flatMap { $0.id == id ? $0 : nil }
        }
    }

    func announce(_ master: MasterKey) { state.withLock { $0.incoming = master } }

    func withdraw() { state.withLock { $0.incoming = nil } }

    /// The rotation is durable.
    func adopt(_ master: MasterKey) { state.withLock { $0 = State(current: master) } }
}
