import Dispatch
import Synchronization

/// Checks a log by recomputing everything from the stored bytes, in constant memory, also while it is written to.
///
/// Two passes side by side, on a connection each: ``EventPass`` recomputes leaves and root, ``StoragePass`` checks what is
/// not a leaf.
enum LogVerifier {
    /// What the second pass found, once it is done.
    private final class StorageOutcome: Sendable {
        private let result = Mutex<Result<Findings, any Error>?>(nil)

        func set(_ value: Result<Findings, any Error>) { result.withLock { $0 = value } }

        func findings() throws -> Findings { try result.withLock { try $0?.get() } ?? Findings() }
    }

    static func run(_ reader: SQLiteEventReader, against kept: [TreeHead], progress: (Int64, Int64) -> Void) throws -> VerificationReport {
        let head = try reader.head()
        var events = EventPass(reader, head: head, kept: kept)
        let storage = StorageOutcome()
        let running = DispatchGroup()
        DispatchQueue.global(qos: .userInitiated).async(group: running) {
            storage.set(Result { try reader.withReader { try StoragePass.run(on: $0.connection) } })
        }
        let outcome = Result { try events.run(progress: progress) }
        // Also when the first pass failed: the second must have let go of the log.
        running.wait()
        try outcome.get()
        return VerificationReport(head: head, eventCount: events.eventCount, parts: [events.findings, try storage.findings()])
    }
}

extension SQLiteEventReader {
    /// Checks all that is stored, from the bytes up; see ``VerificationReport``. Reads only, in constant memory, with a second
    /// thread.
    ///
    /// - Parameters:
    ///   - kept: states of this log that were kept elsewhere, such as those of its checkpoints: proves that it has only grown
    ///     since. A smaller log is a problem in `checkpoint.size`, another history one in `checkpoint.root_hash`.
    ///   - progress: called from time to time with the events checked and their total.
    /// - Throws: ``EventStoreError`` `schemaTooOld` if the log is of an earlier release; other codes if it cannot be read at all;
    ///   what can be read but is wrong is reported.
    public func verify(against kept: [TreeHead] = [], progress: (Int64, Int64) -> Void = { _, _ in }) throws -> VerificationReport {
        try withReader { reader in
            guard let found = try Schema.foundVersion(on: reader.connection), found >= Schema.version else {
                throw EventStoreError(.schemaTooOld, "The log is of an earlier release: open it once for writing, then verify.")
            }
        }
        return try LogVerifier.run(self, against: kept, progress: progress)
    }
}
