/// What a follower may do with what it reads (I8, I9).
public enum FollowerKind: String, Sendable, Hashable, CaseIterable {
    /// Pure: makes tables that can be thrown away and made again.
    case projection
    /// Has effects: is never run again from the beginning on purpose.
    case reactor
    /// Makes derived data that is neither, such as proofs.
    case other
}
