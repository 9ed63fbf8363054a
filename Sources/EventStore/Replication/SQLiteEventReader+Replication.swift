/// What another machine needs to have the same log.
extension SQLiteEventReader {
    /// Everything recorded after `cursor`, in order, as it stood at one moment: events, their attachments, and what is remembered of
    /// commands. A command goes with its events or later, never before them, and a page ends where an append ends if it can: at the log's
    /// end, or else with the last command of the page. Only where there is none, or one append has more events than `limit`, a page ends
    /// amid what was appended together.
    ///
    /// What changes later in a command is not handed over: how often it came again, and that it was forgotten.
    ///
    /// - Parameters:
    ///   - limit: of events, and of commands; at least one of either is given if there is one.
    ///   - byteLimit: after this many bytes of payloads, attachments or answers a page ends; the part that reaches it is in.
    /// - Throws: ``EventStoreError`` `checkpointAhead` if the log does not go as far as `cursor`, `corrupted`, `storageUnavailable`,
    ///   `schemaTooOld`.
    public func replicationPage(after cursor: LogCursor, limit: Int, byteLimit: Int) throws -> ReplicationPage {
        try withReader { reader in
            try reader.connection.snapshot { try ReplicationPageReader(reader, cursor, limit, byteLimit).page() }
        }
    }

    /// The log's end: whoever begins to hand over from here hands over only what is new. For a replica that was promoted, since what it
    /// took in was published by the writer before.
    public func replicationEnd() throws -> LogCursor {
        try withReader { reader in
            try reader.connection.snapshot { try Self.end(with: reader) }
        }
    }

    /// Suspends until something was recorded after `cursor`: an event, or a command without one.
    ///
    /// - Throws: as ``EventReader/nextCommit(after:)``.
    public func nextNews(after cursor: LogCursor) async throws {
        switch watch {
        case .signal(let signal):
            _ = try await signal.wait(beyond: cursor.position, command: cursor.command)
        case .polling(let pause):
            while true {
                try Task.checkCancellation()
                let end = try replicationEnd()
                if end.position > cursor.position || end.command > cursor.command { return }
                try await pause()
            }
        }
    }

    /// The Merkle root over the log's first `position` events, from their leaf hashes; nil if there are fewer. Reads them all.
    public func rootHash(at position: Int64) throws -> Hash256? {
        let head = try head()
        if head.position == position { return head.rootHash }
        guard 0...head.position ~= position else { return nil }
        var frontier = MerkleFrontier()
        try extend(&frontier, through: position)
        return frontier.root
    }

    /// Where the follower of a replica goes on, in order of topic and partition; none of a log that is none.
    public func replicaOffsets() throws -> [ReplicaOffset] {
        try withReader { reader in
            guard try Schema.hasReplicaTables(on: reader.connection) else { return [] }
            let rows = try reader.connection.prepare("SELECT topic, partition, next FROM replica_offset ORDER BY topic, partition")
            var offsets: [ReplicaOffset] = []
            while try rows.step() {
                guard let partition = Int32(exactly: rows.int64(1)) else {
                    throw EventStoreError(.corrupted, "A follower's place in a topic is impossible: run verify.")
                }
                offsets.append(ReplicaOffset(topic: rows.string(0), partition: partition, next: rows.int64(2)))
            }
            return offsets
        }
    }

    /// Whether the log is written on this machine, or a copy of one that is written elsewhere.
    public func role() throws -> LogRole {
        try withReader { try StoredRole.read(on: $0.connection)?.role ?? .writer }
    }

    /// Adds the leaves of the positions after the frontier's size, through `last`.
    func extend(_ frontier: inout MerkleFrontier, through last: Int64) throws {
        let pageLength: Int64 = 10_000
        while frontier.size < last {
            let page = try leafHashes(after: frontier.size, limit: Int(min(pageLength, last - frontier.size)))
            guard !page.isEmpty else {
                throw EventStoreError(.corrupted, "There is no leaf hash at position \(frontier.size + 1): run verify.")
            }
            for leaf in page { frontier.append(leaf) }
        }
    }

    static func end(with reader: ReadConnection) throws -> LogCursor {
        guard let head = try StoredHead.read(with: reader.statement(Queries.head)) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        let last = try reader.statement(Queries.lastCommand)
        defer { last.reset() }
        return LogCursor(position: head.position, command: try last.step() ? last.int64(0) : 0)
    }
}
