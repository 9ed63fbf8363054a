import EventStore

/// The hashes of a tile and of the nodes above them.
struct TileHashes: Sendable {
    /// Level by level within the tile; the first are its own hashes, each above has one for each full pair.
    private let levels: [[Hash256]]

    init(_ hashes: [Hash256]) {
        var levels = [hashes]
        while let below = levels.last, below.count > 1 {
            levels.append(stride(from: 0, to: below.count - 1, by: 2).map { MerkleTree.parent(below[$0], below[$0 + 1]) })
        }
        self.levels = levels
    }

    var hashes: [Hash256] { levels.first ?? [] }

    /// The root of the whole; nil unless the tile is full.
    var root: Hash256? { hashes.count == TileID.fullWidth ? node(level: TileID.height, index: 0) : nil }

    /// A node within the tile; nil if it is not full yet.
    func node(level: Int, index: Int64) -> Hash256? {
        guard levels.indices.contains(level), let index = Int(exactly: index), levels[level].indices.contains(index) else { return nil }
        return levels[level][index]
    }

    // MARK: Bytes

    /// The hashes, concatenated.
    var bytes: [UInt8] { hashes.flatMap(\.bytes) }

    /// Reads concatenated hashes; nil if the last is cut off.
    init?(bytes: [UInt8]) {
        guard bytes.count.isMultiple(of: Hash256.byteCount) else { return nil }
        let hashes = bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: Hash256.byteCount).compactMap {
                Hash256(bytes: UnsafeRawBufferPointer(rebasing: bytes[$0..<$0 + Hash256.byteCount]))
            }
        }
        self.init(hashes)
    }
}
