/// What only a log has that is, or was, a replica. It has a schema of its own, so that a release that knows no replicas refuses it rather
/// than appends to it; other logs stay as they are.
extension Schema {
    /// The schema of a log that is, or was, a replica.
    static let replicaVersion: Int64 = 3

    /// Where its follower goes on reading, kept with what it read. The ``RowHash`` is over the other columns.
    static let replicaOffset = """
        CREATE TABLE replica_offset(
            topic TEXT NOT NULL,
            partition INTEGER NOT NULL,
            next INTEGER NOT NULL,
            row_hash BLOB NOT NULL,
            PRIMARY KEY (topic, partition)
        ) STRICT, WITHOUT ROWID
        """

    static func hasReplicaTables(on connection: Connection) throws -> Bool {
        try connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'replica_offset'") == 1
    }

    /// Makes a log a replica's; to be called in a transaction. A log that is one stays as it is.
    static func becomeReplica(on connection: Connection) throws {
        guard let head = try StoredHead.read(on: connection) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        guard try StoredRole.read(on: connection)?.role != .replica else { return }
        if try !hasReplicaTables(on: connection) { try connection.execute(replicaOffset) }
        try connection.execute("DELETE FROM meta WHERE name = 'schema'")
        try insertMeta("schema", String(replicaVersion), on: connection)
        try StoredRole(role: .replica, epoch: head.epoch).write(on: connection)
    }
}
