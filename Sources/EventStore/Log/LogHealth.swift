public import Timekeeping

/// Whether a log accepts appends.
public enum LogHealth: Sendable, Hashable {
    /// Appends are accepted.
    case accepting
    /// The disk failed: nothing is acknowledged, reads go on as far as they can, and the log tries to resume by itself.
    ///
    /// - Parameters:
    ///   - since: when it stopped accepting.
    ///   - reason: the last failure; its code says whether the disk is full, failing, or the file damaged.
    ///   - attempts: how often resuming was tried.
    case refusing(since: Instant, reason: EventStoreError, attempts: Int)
    /// Over for this log: closed by its owner, taken over by another writer, or damaged beyond what reopening mends.
    case closed(reason: EventStoreError)

    /// Whether appends are accepted.
    public var isAccepting: Bool { self == .accepting }
}
