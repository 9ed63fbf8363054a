/// How far a log goes.
public struct LogHead: Sendable, Hashable {
    /// Position of the last event; 0 = none yet.
    public var position: Int64
    /// RFC 6962 root over the leaves of positions 1 through ``position``.
    public var rootHash: Hash256
    /// How many times the log was opened for writing; a writer of an older epoch is refused.
    public var epoch: Int64

    /// Leaves in the Merkle tree: each position is one.
    public var treeSize: Int64 { position }

    /// Size and root of the tree.
    public var tree: TreeHead { TreeHead(size: position, rootHash: rootHash) }

    public init(position: Int64, rootHash: Hash256, epoch: Int64) {
        self.position = position
        self.rootHash = rootHash
        self.epoch = epoch
    }
}
