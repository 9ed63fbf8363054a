/// A log that can be appended to. One process at a time holds it.
public protocol EventLog: EventReader {
    /// Records a decision: all its writes, or nothing.
    ///
    /// Returns only when the events are durable (I1). Cancelling the calling task does not take an append back: the
    /// outcome is returned all the same.
    ///
    /// - Throws: ``EventStoreError``. With `wrongExpectedVersion`, `commandKeyReused`, `duplicateEventID`,
    ///   `invalidEvent` and `invalidRequest` nothing was recorded, and neighbours in the same commit are untouched.
    ///   With `storageUnavailable` and `diskFull` nothing was acknowledged: repeat the request under the same command key.
    func append(_ request: AppendRequest) async throws -> AppendOutcome

    /// Which opening for writing this is; checkpoints carry it.
    var epoch: Int64 { get }

    /// Stops accepting appends, waits for those in hand, and releases what the log holds. Idempotent.
    func close() async
}
