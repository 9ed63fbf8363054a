import Coordination
import Synchronization

/// The loads that one decision is to weigh.
final class GivenLoads: LoadLedger {
    private let given = Mutex(Loads())

    func give(_ loads: Loads) { given.withLock { $0 = loads } }

    func loads() throws -> Loads { given.withLock { $0 } }
}
