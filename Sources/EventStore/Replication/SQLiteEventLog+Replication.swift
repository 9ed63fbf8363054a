/// Being a copy of a log that is written elsewhere, and ceasing to be one.
extension SQLiteEventLog {
    /// Takes in what another writer recorded, in order, in one durable transaction: several batches share it, for speed. Everything is
    /// recomputed first, in the caller's task: each leaf from envelope, payload and attachment, then the root after each batch.
    ///
    /// What the log has already and is the same is passed over, so that a batch may come again, and overlap; of an epoch before the log's
    /// own, commands that the log does not know are passed over too. Nothing is kept of a call that fails.
    ///
    /// - Parameter offsets: where the follower goes on after this, kept with the batches; also alone, with no batch.
    /// - Returns: the head, of at least the last batch's epoch.
    /// - Throws: ``EventStoreError`` `missingEvents` if a batch does not begin where the log ends, `forked` if the log has something else
    ///   in its place or another root, `staleEpoch` if a replaced writer has something new, `invalidBatch` if a batch contradicts itself,
    ///   `notAReplica`, `invalidRequest` for an impossible offset, `storageUnavailable`, `diskFull`, `closed`.
    public func replicate(_ batches: [LogBatch], offsets: [ReplicaOffset] = []) async throws -> LogHead {
        guard role == .replica else { throw EventStoreError.notAReplica }
        for offset in offsets where offset.next < 0 || offset.partition < 0 || offset.topic.isEmpty {
            throw EventStoreError(.invalidRequest, "A follower's place in a topic cannot be before its beginning.")
        }
        let prepared = try batches.map { try PreparedBatch($0, logIdentity: identity) }
        return try await writer.replicate(prepared, offsets)
    }

    /// As `replicate(_:offsets:)` of several batches, of one batch.
    public func replicate(_ batch: LogBatch, offsets: [ReplicaOffset] = []) async throws -> LogHead {
        try await replicate([batch], offsets: offsets)
    }

    /// Turns a replica into the writer: raises its epoch out of reach of the writer that it followed, durably, and accepts appends from
    /// then on. Does nothing to a log that is written already.
    ///
    /// The caller must have fenced the old writer off, and have taken in all it published: what comes later is refused.
    ///
    /// - Throws: ``EventStoreError`` `storageUnavailable`, `diskFull`, `closed`: it may then be either; open it again, or repeat.
    public func promote() async throws -> LogHead {
        try await writer.promote()
    }

    /// Where the follower goes on, as `replicate(_:offsets:)` kept it, in order of topic and partition.
    public func replicaOffsets() throws -> [ReplicaOffset] { try reader.replicaOffsets() }

    /// See ``SQLiteEventReader/replicationPage(after:limit:byteLimit:)``.
    public func replicationPage(after cursor: LogCursor, limit: Int, byteLimit: Int) throws -> ReplicationPage {
        try reader.replicationPage(after: cursor, limit: limit, byteLimit: byteLimit)
    }

    /// See ``ReplicationSource``.
    public func replicationSource(after checkpoint: ReplicationCheckpoint = ReplicationCheckpoint()) throws -> ReplicationSource {
        try ReplicationSource(reader, after: checkpoint)
    }

    /// See ``SQLiteEventReader/replicationEnd()``.
    public func replicationEnd() throws -> LogCursor { try reader.replicationEnd() }

    /// See ``SQLiteEventReader/nextNews(after:)``.
    public func nextNews(after cursor: LogCursor) async throws { try await reader.nextNews(after: cursor) }

    /// See ``SQLiteEventReader/rootHash(at:)``.
    public func rootHash(at position: Int64) throws -> Hash256? { try reader.rootHash(at: position) }
}
