import Coordination
import EventStore
import Synchronization
import Timekeeping

/// Timers that can be lost at once, as if their file were.
final class ForgetfulDeadlineStore: DeadlineStore {
    private let kept = Mutex(InMemoryDeadlineStore())

    func forget() { kept.withLock { $0 = InMemoryDeadlineStore() } }

    private var store: InMemoryDeadlineStore { kept.withLock { $0 } }

    func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) { store.set(due, for: stream, asOf: version) }
    func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) { store.replace(timer, by: due, asOf: version) }
    func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) -> [PathwayTimer] {
        store.due(at: instant, limit: limit, excluding: excluded)
    }
    func timers(after stream: StreamID?, limit: Int) -> [PathwayTimer] { store.timers(after: stream, limit: limit) }
    func next() -> Instant? { store.next() }
    func ringAll(at instant: Instant) { store.ringAll(at: instant) }
}

/// A ledger that outlives the process, as one in a file does, and can be lost at once.
final class ForgetfulLedger: LoadLedger {
    private let reader: any EventReader
    private let sealer: any PayloadSealer
    private let kept: Mutex<InMemoryLoadLedger>

    init(reader: any EventReader, sealer: any PayloadSealer) {
        self.reader = reader
        self.sealer = sealer
        kept = Mutex(InMemoryLoadLedger(loader: StateLoader(reader: reader, sealer: sealer)))
    }

    func forget() {
        let empty = InMemoryLoadLedger(loader: StateLoader(reader: reader, sealer: sealer))
        kept.withLock { $0 = empty }
    }

    func loads() throws -> Loads { try kept.withLock { $0 }.loads() }
}
