/// How far a log was handed over, and its tree up to there: to be kept with what was published, so that the next root needs only what
/// came since.
public struct ReplicationCheckpoint: Sendable, Hashable {
    public var cursor: LogCursor
    /// Over the events through the cursor's position.
    public var frontier: MerkleFrontier

    /// Before the first event.
    public init() {
        cursor = LogCursor()
        frontier = MerkleFrontier()
    }

    /// - Returns: nil if the frontier is not of the cursor's position.
    public init?(cursor: LogCursor, frontier: MerkleFrontier) {
        guard cursor.position == frontier.size, cursor.command >= 0 else { return nil }
        self.cursor = cursor
        self.frontier = frontier
    }

    /// Position and command as 8 big-endian bytes each, then the frontier's hashes, the largest subtree first.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for number in [cursor.position, cursor.command] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes + frontier.bytes
    }

    /// Restores a checkpoint from ``bytes``; nil if they are not of one.
    public init?(bytes: [UInt8]) {
        let numbers = 2 * MemoryLayout<Int64>.size
        let restored = bytes.withUnsafeBytes { bytes -> ReplicationCheckpoint? in
            guard bytes.count >= numbers else { return nil }
            let position = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: Int64.self))
            let command = Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: Int64.self))
            let hashes = UnsafeRawBufferPointer(rebasing: bytes[numbers...])
            return MerkleFrontier(size: position, bytes: hashes).flatMap {
                ReplicationCheckpoint(cursor: LogCursor(position: position, command: command), frontier: $0)
            }
        }
        guard let restored else { return nil }
        self = restored
    }
}
