/// What is derived from the log: a projection, a process manager, a relay.
public protocol Follower: Sendable {
    /// Unique among the followers of a log; for status and logs.
    var name: String { get }

    /// For status and metrics; `other` unless it says so.
    var kind: FollowerKind { get }

    /// The checkpoint saved last; ``FollowerCheckpoint/start`` if there is none.
    func loadCheckpoint() async throws -> FollowerCheckpoint

    /// Takes in a page and saves `page.checkpoint` in the same transaction as the effect, unless the saved one is of
    /// a later epoch (``FollowerCheckpoint/mayReplace(_:)``).
    ///
    /// If it throws, nothing of the page may have been kept: the same events come again after a pause. A follower that
    /// cannot take in one event parks that event's sequence by itself, and does not throw.
    func handle(_ page: EventPage) async throws
}

extension Follower {
    public var kind: FollowerKind { .other }
}
