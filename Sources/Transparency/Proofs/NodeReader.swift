import EventStore

/// The nodes of a log's tree, for one proof: reads each tile once.
final class NodeReader {
    private struct Key: Hashable {
        var level: Int
        var index: Int64
    }

    private let log: any EventReader
    private let tiles: TileStore
    private let size: Int64
    private var known: [Key: TileHashes] = [:]

    /// - Parameter size: leaves of the log; beyond it there is no node.
    init(log: any EventReader, tiles: TileStore, size: Int64) {
        self.log = log
        self.tiles = tiles
        self.size = size
    }

    /// The root of the perfect subtree of 2^level leaves.
    func node(level: Int, index: Int64) throws -> Hash256 {
        let tileLevel = min(level / TileID.height, TileID.highestLevel)
        let height = level - tileLevel * TileID.height
        let hashes = Int64(1) << Int64(height)
        // A node at a tile's top is the whole tile.
        let first = index * hashes
        let tile = try tile(Key(level: tileLevel, index: first / TileID.fullWidth))
        guard let node = tile.node(level: height, index: first % TileID.fullWidth / hashes) else { throw Self.missing }
        return node
    }

    /// The first `width` hashes of a tile.
    func hashes(level: Int, index: Int64, width: Int64) throws -> [Hash256] {
        let hashes = try tile(Key(level: level, index: index)).hashes
        guard hashes.count >= width else { throw Self.missing }
        return Array(hashes.prefix(Int(width)))
    }

    private func tile(_ key: Key) throws -> TileHashes {
        if let tile = known[key] { return tile }
        let tile = try read(key)
        known[key] = tile
        return tile
    }

    private func read(_ key: Key) throws -> TileHashes {
        let first = key.index * TileID.fullWidth
        let width = min(TileID.fullWidth, size >> Int64(TileID.height * key.level) - first)
        guard width > 0 else { throw Self.missing }
        let isStored = width == TileID.fullWidth && (first + width) << Int64(TileID.height * key.level) <= tiles.size
        if isStored, let tile = try tiles.tile(level: key.level, index: key.index) { return tile }
        let tile = TileHashes(try compute(key, first, width))
        // It should have been there: missing or damaged.
        if isStored { try tiles.repair(tile, level: key.level, index: key.index) }
        return tile
    }

    /// From the leaves in the log, or from the roots of the tiles below.
    private func compute(_ key: Key, _ first: Int64, _ width: Int64) throws -> [Hash256] {
        if key.level == 0 {
            let leaves = try log.leafHashes(after: first, limit: Int(width))
            guard leaves.count == width else { throw Self.missing }
            return leaves
        }
        let below = key.level - 1
        let covered = min(width, max(0, tiles.size >> Int64(TileID.height * key.level) - first))
        var roots = covered > 0 ? try tiles.roots(level: below, indexes: first...first + covered - 1) : []
        if roots.count != covered { roots = [] }
        for index in first + Int64(roots.count)..<first + width {
            guard let root = try tile(Key(level: below, index: index)).root else { throw Self.missing }
            roots.append(root)
        }
        return roots
    }

    private static let missing = TransparencyError(.beyondLog, "The log ends before what is asked of it.")
}
