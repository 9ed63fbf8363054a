import Synchronization

/// What one task tells another.
final class Flag: Sendable {
    private let state = Atomic(true)

    var value: Bool {
        get { state.load(ordering: .acquiring) }
        set { state.store(newValue, ordering: .releasing) }
    }
}
