/// Counts who has how many follow-ups in hand: what the planner weighs before it asks somebody for one more.
///
/// A fold of the log and of nothing else, so that whoever reads the same log counts the same. An event that cannot be read counts for
/// nothing: its pathway is parked, and the loads of others must not wait for it.
public protocol LoadLedger: Sendable {
    /// Counts what was recorded since the last time, up to the log's end.
    ///
    /// - Throws: `EventStoreError` if the log, or what a ledger keeps beside it, cannot be read or written.
    func loads() throws -> Loads
}
