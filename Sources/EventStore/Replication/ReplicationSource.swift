/// Hands a log over in batches, each with the Merkle root that the copy must arrive at. A value: whoever could not publish a batch goes on
/// from a copy made before it.
///
/// ```swift
/// var source = try log.replicationSource(after: kept)
/// var tried = source
/// if let batch = try tried.next(limit: 1000, byteLimit: 4 << 20) {
///     try await publish(batch, checkpoint: tried.checkpoint)
///     source = tried
/// }
/// ```
public struct ReplicationSource: Sendable {
    /// Where the next batch begins.
    public private(set) var checkpoint: ReplicationCheckpoint
    private let reader: SQLiteEventReader

    /// Reads the leaf hashes after the checkpoint, to see that its tree is a beginning of this log's.
    ///
    /// - Throws: ``EventStoreError`` `checkpointAhead` if the log does not go as far, `forked` if it has another history.
    public init(_ reader: SQLiteEventReader, after checkpoint: ReplicationCheckpoint = ReplicationCheckpoint()) throws {
        self.reader = reader
        self.checkpoint = checkpoint
        let head = try reader.head()
        guard checkpoint.cursor.position <= head.position else {
            // The page says why.
            _ = try reader.replicationPage(after: checkpoint.cursor, limit: 1, byteLimit: 1)
            return
        }
        var frontier = checkpoint.frontier
        try reader.extend(&frontier, through: head.position)
        guard frontier.root == head.rootHash else { throw EventStoreError.forked("The Merkle root", at: checkpoint.cursor.position) }
    }

    /// A source that begins after what was handed over through `cursor`, for whoever kept no tree: reads all leaf hashes.
    ///
    /// - Throws: as the other initialiser.
    public init(_ reader: SQLiteEventReader, after cursor: LogCursor) throws {
        var frontier = MerkleFrontier()
        if try cursor.position <= reader.head().position { try reader.extend(&frontier, through: cursor.position) }
        guard let checkpoint = ReplicationCheckpoint(cursor: cursor, frontier: frontier) else {
            throw EventStoreError(.checkpointAhead, "The log does not go as far as position \(cursor.position): it was replaced by an older state.")
        }
        try self.init(reader, after: checkpoint)
    }

    /// The next batch; nil if there is nothing new. See ``SQLiteEventReader/replicationPage(after:limit:byteLimit:)``.
    ///
    /// - Throws: ``EventStoreError`` `corrupted` if the leaves do not arrive at the log's root.
    public mutating func next(limit: Int, byteLimit: Int) throws -> LogBatch? {
        let page = try reader.replicationPage(after: checkpoint.cursor, limit: limit, byteLimit: byteLimit)
        guard !page.isEmpty else { return nil }
        var frontier = checkpoint.frontier
        for event in page.events { frontier.append(event.leafHash) }
        let root = frontier.root
        guard page.next.position < page.head.position || root == page.head.rootHash,
            let next = ReplicationCheckpoint(cursor: page.next, frontier: frontier)
        else {
            throw EventStoreError(.corrupted, "The log's leaves through \(page.next.position) do not give its root: run verify.")
        }
        checkpoint = next
        return LogBatch(
            events: page.events,
            attachments: page.attachments,
            commands: page.commands,
            epoch: page.head.epoch,
            last: page.next.position,
            rootHash: root
        )
    }

    /// Suspends until there is a next batch.
    public func news() async throws { try await reader.nextNews(after: checkpoint.cursor) }
}
