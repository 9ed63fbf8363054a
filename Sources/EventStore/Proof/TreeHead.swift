/// A state of a log: how many leaves it had, and the root over them. What a checkpoint signs.
public struct TreeHead: Sendable, Hashable {
    /// Number of leaves.
    public var size: Int64
    /// RFC 6962 root over them.
    public var rootHash: Hash256

    public init(size: Int64, rootHash: Hash256) {
        self.size = size
        self.rootHash = rootHash
    }
}
