import Coordination
import EventStore
import Pathways

/// Recent folds of streams as they stood at a position of the log, for whoever reads the log in its order, on several streams at once. Bounded
/// by the memory that they take, in two generations; only a shortcut.
final class Folds<State: Sendable>: Sendable {
    struct Fold: Sendable {
        var state: State
        /// Of the last event in it; 0 for none.
        var version: Int64 = 0
        var position: Int64 = 0
    }

    private static var page: Int { 100 }
    private let folds: StateCache<Fold>
    private let loader: StateLoader
    private let initial: @Sendable (StreamID) -> State
    private let evolve: @Sendable (inout State, DomainEvent) throws -> Void

    /// - Parameters:
    ///   - capacity: bytes of each generation.
    ///   - footprint: of a state, in bytes.
    init(
        of loader: StateLoader,
        capacity: Int = 8 << 20,
        footprint: @escaping @Sendable (State) -> Int,
        _ initial: @escaping @Sendable (StreamID) -> State,
        _ evolve: @escaping @Sendable (inout State, DomainEvent) throws -> Void
    ) {
        self.loader = loader
        folds = StateCache(capacity: capacity) { footprint($0.state) }
        self.initial = initial
        self.evolve = evolve
    }

    /// A stream with all of its events before a position.
    ///
    /// - Parameter version: of the last of them, if that is known: spares a look at the log.
    /// - Throws: `CoordinationError.unreadable`, `EventStoreError`.
    func state(of stream: StreamID, before position: Int64, through version: Int64? = nil) throws -> State {
        var fold = recent(stream, before: position) ?? Fold(state: initial(stream))
        if fold.version == version { return fold.state }
        let start = fold.version
        reading: while true {
            let page = try loader.reader.read(stream: stream, fromVersion: fold.version + 1, limit: Self.page)
            for event in page {
                if event.position >= position { break reading }
                if let says = try loader.decode(event) { try evolve(&fold.state, says) }
                fold.version = event.version
                fold.position = event.position
            }
            if page.count < Self.page { break }
        }
        if fold.version > start { keep(fold, of: stream) }
        return fold.state
    }

    /// What follows from a state and an event that whoever asked for it has made already.
    func keep(_ state: State, of stream: StreamID, with event: RecordedEvent) {
        keep(Fold(state: state, version: event.version, position: event.position), of: stream)
    }

    private func recent(_ stream: StreamID, before position: Int64) -> Fold? {
        guard let found = folds[stream]?.state, found.position < position else { return nil }
        return found
    }

    private func keep(_ fold: Fold, of stream: StreamID) {
        // Who went back in the log goes on from there.
        folds.remove(stream)
        folds.insert(Recorded(fold, version: fold.version), for: stream)
    }
}
