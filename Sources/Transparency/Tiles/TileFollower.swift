public import EventStore

/// Keeps a ``TileStore`` at the log's end, as a follower named `tiles`.
///
/// A page only tells how far to go: leaf hashes are read from the log in larger pages, without payloads. What the log has
/// before the first page is built when the checkpoint is loaded.
public struct TileFollower: Follower {
    public let name = "tiles"
    private let log: any EventReader
    private let tiles: TileStore

    public init(log: any EventReader, tiles: TileStore) {
        self.log = log
        self.tiles = tiles
    }

    /// Builds the tiles of all that is in the log, then says how far they reach: a multiple of 256.
    public func loadCheckpoint() async throws -> FollowerCheckpoint {
        let head = try log.head()
        if try tiles.progress().position > head.position {
            // The log was restored to an older copy; its tiles are built from what it holds now.
            try tiles.removeAll()
        }
        let saved = try tiles.progress()
        // A later epoch than the log's own is for the runner to refuse.
        if saved.epoch <= head.epoch { try tiles.catchUp(to: head.position, epoch: head.epoch) }
        return try tiles.progress()
    }

    public func handle(_ page: EventPage) async throws {
        try tiles.catchUp(to: page.checkpoint.position, epoch: page.checkpoint.epoch)
    }
}
