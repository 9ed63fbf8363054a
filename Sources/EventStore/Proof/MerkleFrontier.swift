/// The right edge of an RFC 6962 Merkle tree: enough to add leaves and to give the root, in log₂(size) hashes.
public struct MerkleFrontier: Sendable, Hashable {
    /// Number of leaves.
    public private(set) var size: Int64
    /// Roots of the perfect subtrees the leaves fall into, the largest first: one for each 1 bit of `size`.
    private var peaks: [Hash256]

    /// The tree of no leaf.
    public init() {
        size = 0
        peaks = []
    }

    /// Restores a frontier from ``bytes``; nil if the number of hashes does not fit the size.
    public init?(size: Int64, bytes: UnsafeRawBufferPointer) {
        guard size >= 0, bytes.count == size.nonzeroBitCount * Hash256.byteCount else { return nil }
        self.size = size
        peaks = []
        for start in stride(from: 0, to: bytes.count, by: Hash256.byteCount) {
            guard let peak = Hash256(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<start + Hash256.byteCount])) else { return nil }
            peaks.append(peak)
        }
    }

    /// The peaks, concatenated.
    public var bytes: [UInt8] { peaks.flatMap(\.bytes) }

    /// Adds a leaf by its leaf hash.
    public mutating func append(_ leaf: Hash256) {
        var node = leaf
        var carry = size
        while carry & 1 == 1, let left = peaks.popLast() {
            node = MerkleTree.parent(left, node)
            carry >>= 1
        }
        peaks.append(node)
        size += 1
    }

    /// The Merkle tree hash (RFC 6962 §2.1); SHA-256 of nothing for the empty tree.
    public var root: Hash256 {
        guard var node = peaks.last else { return MerkleTree.emptyRoot }
        for left in peaks.dropLast().reversed() {
            node = MerkleTree.parent(left, node)
        }
        return node
    }
}
