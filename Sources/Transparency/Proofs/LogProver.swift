public import EventStore

/// Makes proofs and tiles of a log, from its tiles as far as they reach and from the log itself for the rest.
///
/// Nothing is given out that does not lead to the root in the log's head: a derived tile that is wrong is found, dropped and
/// computed anew.
public struct LogProver: Sendable {
    private let log: any EventReader
    private let tiles: TileStore

    /// Leaves that a proof may take from the log itself.
    private static let uncoveredLimit: Int64 = 1 << 16

    public init(log: any EventReader, tiles: TileStore) {
        self.log = log
        self.tiles = tiles
    }

    // MARK: Proofs

    /// The state the log had with its first `size` events.
    ///
    /// - Throws: ``TransparencyError`` `beyondLog`, `inconsistent`, `storageUnavailable`; ``EventStoreError`` from the log.
    public func tree(of size: Int64) throws -> TreeHead {
        try proven { nodes, head in try Self.tree(of: size, nodes, head) }
    }

    /// Proves that the event at `position` is in the log of the first `size` events, at most those there are.
    ///
    /// - Parameters:
    ///   - position: from 1.
    ///   - size: of the tree to prove it in, such as a checkpoint's.
    /// - Throws: as ``tree(of:)``.
    public func inclusion(of position: Int64, in size: Int64) throws -> InclusionProof {
        try proven { nodes, head in
            guard 1 <= position, position <= size else { throw Self.beyond("position \(position)", size) }
            guard let tree = try Self.tree(of: size, nodes, head) else { return nil }
            guard let leafHash = try log.leafHashes(after: position - 1, limit: 1).first else { throw Self.beyond("position \(position)", size) }
            let path = try MerkleTree.inclusionPath(of: position - 1, in: size) { try nodes.node(level: $0, index: $1) }
            let proof = InclusionProof(position: position, tree: tree, leafHash: leafHash, path: path ?? [])
            return proof.isValid ? proof : nil
        }
    }

    /// Proves that the log of the first `old` events is the start of that of the first `new`.
    ///
    /// - Throws: as ``tree(of:)``.
    public func consistency(from old: Int64, to new: Int64) throws -> ConsistencyProof {
        try proven { nodes, head in
            guard 0 <= old, old <= new else { throw Self.beyond("size \(old)", new) }
            guard let newTree = try Self.tree(of: new, nodes, head), let oldTree = try Self.tree(of: old, nodes, head) else { return nil }
            let path = try MerkleTree.consistencyPath(from: old, to: new) { try nodes.node(level: $0, index: $1) }
            let proof = ConsistencyProof(old: oldTree, new: newTree, path: path ?? [])
            return proof.isValid ? proof : nil
        }
    }

    /// The state at `size`, proven to be the start of `head`; nil if the nodes do not lead there.
    private static func tree(of size: Int64, _ nodes: NodeReader, _ head: TreeHead) throws -> TreeHead? {
        guard 0 <= size, size <= head.size else { throw beyond("size \(size)", head.size) }
        let tree = TreeHead(size: size, rootHash: try MerkleTree.root(of: size) { try nodes.node(level: $0, index: $1) })
        let path = try MerkleTree.consistencyPath(from: size, to: head.size) { try nodes.node(level: $0, index: $1) }
        return MerkleTree.isConsistent(from: tree, to: head, path: path ?? []) ? tree : nil
    }

    // MARK: Tiles

    /// A tile's hashes or a bundle's entries, as they are published.
    ///
    /// - Parameter size: of the checkpoint it is published for: what is beyond it is not given out.
    /// - Throws: as ``tree(of:)``; `beyondLog` also for a tile that a log of `size` events does not have in full.
    public func resource(_ tile: TileID, upTo size: Int64) throws -> [UInt8] {
        guard 1...TileID.fullWidth ~= tile.width, tile.index >= 0 else { throw Self.beyond(tile.path, size) }
        switch tile.kind {
        case .entries: return try entries(tile, upTo: size)
        case .hashes(let level): return try hashes(tile, level: level, upTo: size)
        }
    }

    private func hashes(_ tile: TileID, level: Int, upTo size: Int64) throws -> [UInt8] {
        guard level <= TileID.highestLevel, Self.has(tile, size >> Int64(TileID.height * level)) else { throw Self.beyond(tile.path, size) }
        let hashes = try proven { nodes, head -> [Hash256]? in
            guard size <= head.size else { throw Self.beyond("size \(size)", head.size) }
            let hashes = try nodes.hashes(level: level, index: tile.index, width: tile.width)
            return try Self.isProven(hashes, of: tile, level: level, nodes, head) ? hashes : nil
        }
        return hashes.flatMap(\.bytes)
    }

    /// Whether the hashes lead to the head's root: each perfect subtree of the tile by its own audit path.
    private static func isProven(_ hashes: [Hash256], of tile: TileID, level: Int, _ nodes: NodeReader, _ head: TreeHead) throws -> Bool {
        var offset: Int64 = 0
        while offset < tile.width {
            // The largest power of two that fits what is left: the offset is a multiple of it.
            let height = Int64.bitWidth - 1 - (tile.width - offset).leadingZeroBitCount
            let part = TileHashes(Array(hashes[Int(offset)..<Int(offset + 1 << Int64(height))]))
            guard let root = part.node(level: height, index: 0) else { return false }
            let nodeLevel = Int64(level * TileID.height + height)
            let index = (tile.index * TileID.fullWidth + offset) >> Int64(height)
            // Above this level the tree is one whose leaves are the nodes of this level, but for a last one that is not full.
            let path = try MerkleTree.inclusionPath(of: index << nodeLevel, in: head.size) { try nodes.node(level: $0, index: $1) }
            guard let path, path.count >= Int(nodeLevel) else { return false }
            guard Self.leads(root, level: nodeLevel, index: index, Array(path.dropFirst(Int(nodeLevel))), to: head) else { return false }
            offset += 1 << Int64(height)
        }
        return true
    }

    /// As ``MerkleTree/isIncluded(_:at:in:path:)``, from a perfect subtree instead of a leaf.
    private static func leads(_ root: Hash256, level: Int64, index: Int64, _ path: [Hash256], to head: TreeHead) -> Bool {
        let upper = TreeHead(size: (head.size - 1) >> level + 1, rootHash: head.rootHash)
        return MerkleTree.isIncluded(root, at: index, in: upper, path: path)
    }

    private func entries(_ tile: TileID, upTo size: Int64) throws -> [UInt8] {
        guard Self.has(tile, size) else { throw Self.beyond(tile.path, size) }
        let events = try log.read(after: tile.index * TileID.fullWidth, limit: Int(tile.width))
        guard events.count == tile.width else { throw Self.beyond(tile.path, size) }
        let wanted = try TileHashes(bytes: hashes(TileID(.hashes(level: 0), index: tile.index, width: tile.width), level: 0, upTo: size))?.hashes
        let entries = try events.map { try LeafEntry(of: $0, logIdentity: log.identity) }
        guard entries.map(\.leafHash) == wanted else { throw Self.inconsistent }
        return entries.flatMap { BigEndian.bytes(UInt16(clamping: $0.bytes.count)) + $0.bytes }
    }

    /// Whether a level of `count` hashes has all of `tile`.
    private static func has(_ tile: TileID, _ count: Int64) -> Bool {
        let (start, overflow) = tile.index.multipliedReportingOverflow(by: TileID.fullWidth)
        return !overflow && start <= count - tile.width
    }

    // MARK: Trust

    /// Runs `body` on the stored tiles; if what it makes does not lead to the head's root, on tiles built anew.
    private func proven<Value>(_ body: (NodeReader, TreeHead) throws -> Value?) throws -> Value {
        let head = try log.head().tree
        // Proofs must not hold a large part of the log in memory.
        if head.size - tiles.size > Self.uncoveredLimit { try tiles.catchUp(to: head.size) }
        if let value = try body(NodeReader(log: log, tiles: tiles, size: head.size), head) { return value }
        try tiles.removeAll()
        try tiles.catchUp(to: head.size)
        if let value = try body(NodeReader(log: log, tiles: tiles, size: head.size), head) { return value }
        throw Self.inconsistent
    }

    private static let inconsistent = TransparencyError(
        .inconsistent,
        "The log's leaves do not give the root in its head: nothing is proven. Run verify."
    )

    private static func beyond(_ what: String, _ size: Int64) -> TransparencyError {
        TransparencyError(.beyondLog, "There is no \(what) in a log of \(size) events.")
    }
}
