public import EventStore

/// That a log has only grown from an old state to a new one (RFC 6962 §2.1.2).
public struct ConsistencyProof: Sendable, Hashable {
    public var old: TreeHead
    public var new: TreeHead
    public var path: [Hash256]

    public init(old: TreeHead, new: TreeHead, path: [Hash256]) {
        self.old = old
        self.new = new
        self.path = path
    }

    /// Whether the path leads from both roots to each other.
    public var isValid: Bool {
        MerkleTree.isConsistent(from: old, to: new, path: path)
    }
}
