/// The Merkle tree of RFC 6962 §2.1, as pure functions over its nodes: roots and proofs, made and checked.
///
/// Leaves count from 0. A node is named by its level (0 = leaves) and its index in that level, and covers 2^level leaves.
public enum MerkleTree {
    /// Largest number of hashes in a proof: a tree has fewer than 2^63 leaves.
    public static let longestPath = 63

    /// The root of no leaf: SHA-256 of nothing.
    public static let emptyRoot = Hash256.of([])

    /// SHA-256(0x01 ‖ left ‖ right).
    public static func parent(_ left: Hash256, _ right: Hash256) -> Hash256 {
        withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Hash256.byteCount, alignment: 8) { buffer in
            buffer[0] = 1
            left.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1...]).copyMemory(from: $0) }
            right.withBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[(1 + Hash256.byteCount)...]).copyMemory(from: $0) }
            return Hash256.of(UnsafeRawBufferPointer(buffer))
        }
    }

    /// SHA-256(0x00 ‖ entry).
    public static func leafHash(of entry: some Collection<UInt8>) -> Hash256 {
        Hash256.of([0] + Array(entry))
    }

    // MARK: Making

    /// The root of the first `size` leaves.
    ///
    /// - Parameter nodes: gives the root of the perfect subtree at a level and index.
    public static func root(of size: Int64, nodes: (_ level: Int, _ index: Int64) throws -> Hash256) rethrows -> Hash256 {
        size > 0 ? try subtree(0, size, nodes) : emptyRoot
    }

    /// The audit path of a leaf (RFC 6962 §2.1.1), from the leaf's sibling upwards; nil if the tree has no such leaf.
    public static func inclusionPath(
        of leaf: Int64,
        in size: Int64,
        nodes: (_ level: Int, _ index: Int64) throws -> Hash256
    ) rethrows -> [Hash256]? {
        guard 0 <= leaf, leaf < size else { return nil }
        var path: [Hash256] = []
        var (low, high) = (Int64(0), size)
        while high - low > 1 {
            let middle = low + split(high - low)
            if leaf < middle {
                path.append(try subtree(middle, high, nodes))
                high = middle
            } else {
                path.append(try subtree(low, middle, nodes))
                low = middle
            }
        }
        return path.reversed()
    }

    /// The proof that the tree of `old` leaves is the start of the tree of `new` (RFC 6962 §2.1.2); nil unless
    /// 0 ≤ `old` ≤ `new`. Empty if `old` is 0 or `new`.
    public static func consistencyPath(
        from old: Int64,
        to new: Int64,
        nodes: (_ level: Int, _ index: Int64) throws -> Hash256
    ) rethrows -> [Hash256]? {
        guard 0 <= old, old <= new else { return nil }
        guard old > 0, old < new else { return [] }
        var path: [Hash256] = []
        var (low, high) = (Int64(0), new)
        // Down to the subtree that ends where the old tree ends; its root is known to whoever knows a perfect old tree.
        while high != old {
            let middle = low + split(high - low)
            if old <= middle {
                path.append(try subtree(middle, high, nodes))
                high = middle
            } else {
                path.append(try subtree(low, middle, nodes))
                low = middle
            }
        }
        if low > 0 { path.append(try subtree(low, high, nodes)) }
        return path.reversed()
    }

    /// The root over leaves `low` up to `high`; `low` is a multiple of the largest power of two below their number.
    private static func subtree(_ low: Int64, _ high: Int64, _ nodes: (Int, Int64) throws -> Hash256) rethrows -> Hash256 {
        let count = high - low
        if count.nonzeroBitCount == 1 {
            let level = count.trailingZeroBitCount
            return try nodes(level, low >> Int64(level))
        }
        let middle = low + split(count)
        return try parent(subtree(low, middle, nodes), subtree(middle, high, nodes))
    }

    /// The largest power of two smaller than `count`, which is at least 2.
    private static func split(_ count: Int64) -> Int64 {
        1 << Int64(Int64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    // MARK: Checking

    /// Whether `path` proves that the leaf with this hash stands at index `leaf` of the tree (RFC 9162 §2.1.3.2).
    public static func isIncluded(_ leafHash: Hash256, at leaf: Int64, in tree: TreeHead, path: [Hash256]) -> Bool {
        guard 0 <= leaf, leaf < tree.size else { return false }
        var (node, last) = (leaf, tree.size - 1)
        var hash = leafHash
        for sibling in path {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                hash = parent(sibling, hash)
                skipLonely(&node, &last)
            } else {
                hash = parent(hash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && hash == tree.rootHash
    }

    /// Whether `path` proves that `old` is the start of `new` (RFC 9162 §2.1.4.2). Every tree grows from the empty one.
    public static func isConsistent(from old: TreeHead, to new: TreeHead, path: [Hash256]) -> Bool {
        guard 0 <= old.size, old.size <= new.size else { return false }
        if old.size == new.size { return path.isEmpty && old.rootHash == new.rootHash }
        if old.size == 0 { return path.isEmpty && old.rootHash == emptyRoot }
        var hashes = path[...]
        let start = old.size.nonzeroBitCount == 1 ? old.rootHash : hashes.popFirst()
        guard let start else { return false }
        var (node, last) = (old.size - 1, new.size - 1)
        while node & 1 == 1 {
            node >>= 1
            last >>= 1
        }
        var (oldHash, newHash) = (start, start)
        for sibling in hashes {
            guard last > 0 else { return false }
            if node & 1 == 1 || node == last {
                oldHash = parent(sibling, oldHash)
                newHash = parent(sibling, newHash)
                skipLonely(&node, &last)
            } else {
                newHash = parent(newHash, sibling)
            }
            node >>= 1
            last >>= 1
        }
        return last == 0 && oldHash == old.rootHash && newHash == new.rootHash
    }

    /// A last node without a sibling is carried up unchanged: goes up to where it has one on its left.
    private static func skipLonely(_ node: inout Int64, _ last: inout Int64) {
        while node & 1 == 0, node != 0 {
            node >>= 1
            last >>= 1
        }
    }
}
