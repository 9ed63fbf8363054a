public import EventStore

/// That an event stands at its position in a log of some size (RFC 6962 §2.1.1).
public struct InclusionProof: Sendable, Hashable {
    /// Place in the log, from 1; the leaf's index is one less.
    public var position: Int64
    /// The log it is included in.
    public var tree: TreeHead
    public var leafHash: Hash256
    /// The audit path, from the leaf's sibling upwards.
    public var path: [Hash256]

    public init(position: Int64, tree: TreeHead, leafHash: Hash256, path: [Hash256]) {
        self.position = position
        self.tree = tree
        self.leafHash = leafHash
        self.path = path
    }

    /// Whether the path leads from the leaf to the root.
    public var isValid: Bool {
        MerkleTree.isIncluded(leafHash, at: position &- 1, in: tree, path: path)
    }
}
