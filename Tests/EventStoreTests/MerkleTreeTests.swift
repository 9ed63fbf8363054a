import Synchronization
import Testing

@testable import EventStore

/// Proofs against the definitions of RFC 6962 §2.1, written down as they stand there.
@Suite struct MerkleTreeTests {
    static let leaves: [Hash256] = (0..<1200).map { Hash256.of(Array("leaf \($0)".utf8)) }

    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }

    /// Roots of slices of ``leaves``, each computed once.
    private static let roots = Mutex<[Range<Int>: Hash256]>([:])

    private static func root(_ leaves: ArraySlice<Hash256>) -> Hash256 {
        guard leaves.count > 1 else { return leaves.first ?? Hash256.of([]) }
        let range = leaves.startIndex..<leaves.endIndex
        if let known = roots.withLock({ $0[range] }) { return known }
        let middle = leaves.startIndex + split(leaves.count)
        let root = Hash256.of([1] + root(leaves[..<middle]).bytes + root(leaves[middle...]).bytes)
        roots.withLock { $0[range] = root }
        return root
    }

    private static func path(_ leaf: Int, _ leaves: ArraySlice<Hash256>) -> [Hash256] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        let (left, right) = (leaves.prefix(k), leaves.dropFirst(k))
        return leaf < k ? path(leaf, left) + [root(right)] : path(leaf - k, right) + [root(left)]
    }

    private static func subproof(_ old: Int, _ leaves: ArraySlice<Hash256>, _ isWhole: Bool) -> [Hash256] {
        if old == leaves.count { return isWhole ? [] : [root(leaves)] }
        let k = split(leaves.count)
        let (left, right) = (leaves.prefix(k), leaves.dropFirst(k))
        return old <= k ? subproof(old, left, isWhole) + [root(right)] : subproof(old - k, right, false) + [root(left)]
    }

    private static func node(_ level: Int, _ index: Int64) -> Hash256 {
        let width = 1 << level
        return root(leaves[Int(index) * width..<(Int(index) + 1) * width])
    }

    private static func head(_ size: Int) -> TreeHead {
        TreeHead(size: Int64(size), rootHash: root(leaves[..<size]))
    }

    @Test func `roots and frontiers of all sizes are those of the definition`() {
        var frontier = MerkleFrontier()
        for size in 0...131 {
            let expected = Self.root(Self.leaves[..<size])
            #expect(MerkleTree.root(of: Int64(size), nodes: Self.node) == expected)
            #expect(frontier.root == expected)
            frontier.append(Self.leaves[size])
        }
    }

    @Test func `inclusion proofs of all sizes are those of the definition, and prove nothing else`() {
        for size in Array(0...131) + [255, 256, 257, 1000] {
            let head = Self.head(size)
            for leaf in size < 140 ? Array(0..<size) : [0, 1, size / 2, size - 1] {
                let path = MerkleTree.inclusionPath(of: Int64(leaf), in: Int64(size), nodes: Self.node)
                #expect(path == Self.path(leaf, Self.leaves[..<size]))
                guard let path else { continue }
                #expect(MerkleTree.isIncluded(Self.leaves[leaf], at: Int64(leaf), in: head, path: path))
                #expect(!MerkleTree.isIncluded(Self.leaves[leaf + 1], at: Int64(leaf), in: head, path: path))
                #expect(!MerkleTree.isIncluded(Self.leaves[leaf], at: Int64(leaf + 1), in: head, path: path))
                #expect(!MerkleTree.isIncluded(Self.leaves[leaf], at: Int64(leaf) - 1, in: head, path: path))
                #expect(!MerkleTree.isIncluded(Self.leaves[leaf], at: Int64(leaf), in: head, path: path + [Self.leaves[0]]))
                if !path.isEmpty { #expect(!MerkleTree.isIncluded(Self.leaves[leaf], at: Int64(leaf), in: head, path: path.dropLast())) }
            }
            #expect(MerkleTree.inclusionPath(of: Int64(size), in: Int64(size), nodes: Self.node) == nil)
        }
    }

    @Test func `consistency proofs of all sizes are those of the definition, and prove nothing else`() {
        let other = TreeHead(size: 1, rootHash: Hash256.of([9]))
        for new in Array(0...66) + [255, 256, 257] {
            for old in new < 70 ? Array(0...new) : [1, 2, 127, 128, 129, new - 1, new] {
                let path = MerkleTree.consistencyPath(from: Int64(old), to: Int64(new), nodes: Self.node)
                let expected = old == 0 ? [] : Self.subproof(old, Self.leaves[..<new], true)
                #expect(path == expected, "\(old) \(new)")
                let (from, to) = (Self.head(old), Self.head(new))
                #expect(MerkleTree.isConsistent(from: from, to: to, path: expected), "\(old) \(new)")
                #expect(!MerkleTree.isConsistent(from: TreeHead(size: from.size, rootHash: other.rootHash), to: to, path: expected))
                if old > 0 {
                    #expect(!MerkleTree.isConsistent(from: from, to: TreeHead(size: to.size, rootHash: other.rootHash), path: expected))
                }
                #expect(!MerkleTree.isConsistent(from: from, to: to, path: expected + [other.rootHash]))
                for index in expected.indices {
                    var wrong = expected
                    wrong[index] = other.rootHash
                    #expect(!MerkleTree.isConsistent(from: from, to: to, path: wrong))
                    wrong.remove(at: index)
                    #expect(!MerkleTree.isConsistent(from: from, to: to, path: wrong))
                }
            }
            #expect(MerkleTree.consistencyPath(from: Int64(new + 1), to: Int64(new), nodes: Self.node) == nil)
        }
        #expect(!MerkleTree.isConsistent(from: Self.head(5), to: Self.head(4), path: []))
    }
}
