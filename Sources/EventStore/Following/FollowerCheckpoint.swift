/// How far a follower has come, and under which epoch of the log.
public struct FollowerCheckpoint: Sendable, Hashable {
    /// Every event up to this position has taken effect; 0 = none.
    public var position: Int64
    /// The epoch of the log's writer in whose time this was saved. A follower's store refuses to replace a checkpoint
    /// of a later epoch: two processes at once are a mistake, and the older one loses.
    public var epoch: Int64

    public init(position: Int64, epoch: Int64) {
        self.position = position
        self.epoch = epoch
    }

    /// Where a follower begins.
    public static let start = FollowerCheckpoint(position: 0, epoch: 0)

    /// Whether this may be saved over `saved`: not an older epoch, not backwards.
    public func mayReplace(_ saved: FollowerCheckpoint) -> Bool {
        epoch >= saved.epoch && position >= saved.position
    }
}
