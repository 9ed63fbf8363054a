import Coordination
import EventStore
import Timekeeping

/// How much everybody had in hand at the positions that decisions say they counted up to.
///
/// Decisions that ran side by side name positions out of order, and a count only goes forward: all positions are known beforehand, and what
/// was counted for one is kept until it was asked for.
struct PastLoads {
    private let log: BranchLog
    private let ledger: InMemoryLoadLedger
    private let wanted: [Int64]
    private var counted = 0
    private var kept: [Int64: Loads] = [:]

    /// - Parameter positions: all that will be asked for.
    init(_ history: History, at positions: Set<Int64>) {
        wanted = positions.sorted()
        log = BranchLog(history, upTo: 0, time: .fixed(Instant(millisecondsSinceEpoch: 0)), onlyListens: true)
        ledger = InMemoryLoadLedger(loader: StateLoader(reader: log, sealer: OpenedSealer()))
    }

    /// - Throws: `EventStoreError`.
    mutating func loads(at position: Int64) throws -> Loads {
        while counted < wanted.count, wanted[counted] <= position {
            log.advance(to: wanted[counted])
            kept[wanted[counted]] = try ledger.loads()
            counted += 1
        }
        return kept[position] ?? Loads()
    }

    /// Decisions lie behind one another by a few positions only: what is far behind is not asked for again.
    mutating func forget(before position: Int64) {
        if kept.count > 256 { kept = kept.filter { $0.key >= position } }
    }
}
