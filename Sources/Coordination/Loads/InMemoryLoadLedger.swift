import Synchronization

/// A ledger that keeps nothing: it counts the whole log once, and then what is added.
public final class InMemoryLoadLedger: LoadLedger {
    private let loader: StateLoader
    private let tally = Mutex(LoadTally())

    /// - Parameter loader: of the log that is counted.
    public init(loader: StateLoader) { self.loader = loader }

    public func loads() throws -> Loads {
        try tally.withLock { tally in
            try tally.catchUp(with: loader)
            return tally.loads
        }
    }
}
