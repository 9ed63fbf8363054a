/// The tables of `log.sqlite`.
enum Schema {
    /// Raised when a release changes the tables; an older release then refuses the file.
    static let version: Int64 = 2

    /// Creates everything in one transaction, for the log named `identity`.
    static func create(on connection: Connection, identity: String, role: LogRole = .writer) throws {
        try connection.transaction {
            for statement in statements { try connection.execute(statement) }
            try insertMeta("schema", String(version), on: connection)
            try insertMeta("identity", identity, on: connection)
            let head = StoredHead(position: 0, rootHash: MerkleTree.emptyRoot, epoch: 0, frontier: [])
            try insert(head, CommandTally(), on: connection)
            if role == .replica { try becomeReplica(on: connection) }
        }
    }

    static func insertMeta(_ name: String, _ value: String, on connection: Connection) throws {
        var row = RowHash.Builder(table: "meta")
        row.append(name)
        row.append(value)
        let insert = try connection.prepare("INSERT INTO meta(name, value, row_hash) VALUES (?1, ?2, ?3)")
        insert.bind(1, copying: name)
        insert.bind(2, copying: value)
        insert.bind(3, copying: row.hash.bytes)
        try insert.run()
    }

    static func insert(_ head: StoredHead, _ commands: CommandTally, on connection: Connection) throws {
        let insert = try connection.prepare(
            """
            INSERT INTO head(one, position, tree_size, root_hash, frontier, epoch, command_count, command_sum, row_hash)
            VALUES (1, ?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """
        )
        insert.bind(1, head.position)
        insert.bind(2, copying: head.rootHash.bytes)
        insert.bind(3, copying: head.frontier)
        insert.bind(4, head.epoch)
        insert.bind(5, commands.count)
        insert.bind(6, copying: commands.sum.bytes)
        insert.bind(7, copying: head.rowHash(commands).bytes)
        try insert.run()
    }

    /// Whether the file has our tables.
    static func exists(on connection: Connection) throws -> Bool {
        try connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'") == 1
    }

    /// The schema the file says it has.
    static func foundVersion(on connection: Connection) throws -> Int64? {
        try connection.text("SELECT value FROM meta WHERE name = 'schema'").flatMap { Int64($0) }
    }

    /// The log's identity.
    ///
    /// - Throws: ``EventStoreError`` `notALog` or `schemaTooNew`.
    static func check(on connection: Connection) throws -> String {
        guard try exists(on: connection),
            let found = try foundVersion(on: connection),
            let identity = try connection.text("SELECT value FROM meta WHERE name = 'identity'")
        else {
            throw EventStoreError(.notALog, "The database file is not an event log: check the data directory.")
        }
        guard found <= replicaVersion else {
            throw EventStoreError(.schemaTooNew, "The log has schema \(found), this release knows \(replicaVersion): use a later release.")
        }
        return identity
    }

    /// What creates each table, index and trigger.
    static let statements = otherTables + [meta, command] + commandIndexes + [head] + triggers + headTriggers

    /// Tables outside the Merkle tree have a ``RowHash`` in each row.
    static let meta = "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL, row_hash BLOB NOT NULL) STRICT, WITHOUT ROWID"

    private static let otherTables = [
        "CREATE TABLE stream(id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE CHECK (length(name) = 16)) STRICT",
        // The payload is last: columns after a long blob are reached only through its overflow pages.
        """
        CREATE TABLE event(
            position INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE,
            stream INTEGER NOT NULL REFERENCES stream,
            version INTEGER NOT NULL,
            type TEXT NOT NULL,
            source TEXT NOT NULL,
            occurred_at INTEGER NOT NULL,
            occurred_offset INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            actor TEXT,
            causation BLOB,
            correlation BLOB,
            key_id TEXT,
            attachment_hash BLOB,
            leaf_hash BLOB NOT NULL,
            payload BLOB NOT NULL,
            UNIQUE (stream, version)
        ) STRICT
        """,
        "CREATE TABLE attachment(position INTEGER PRIMARY KEY REFERENCES event, bytes BLOB NOT NULL) STRICT",
    ]

    // Rows are added at the end; only the 16-byte digests of the index fall in random places.
    static let command = """
        CREATE TABLE command(
            number INTEGER PRIMARY KEY,
            digest BLOB NOT NULL,
            scope TEXT NOT NULL,
            request_hash BLOB NOT NULL,
            lasting INTEGER NOT NULL,
            position INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            answer BLOB NOT NULL,
            answer_stream BLOB,
            answer_key TEXT,
            repeats INTEGER NOT NULL,
            reuses INTEGER NOT NULL,
            row_hash BLOB NOT NULL
        ) STRICT
        """

    static let commandIndexes = [
        "CREATE UNIQUE INDEX command_by_digest ON command(digest)",
        "CREATE INDEX command_repeated ON command(scope) WHERE repeats > 0",
        "CREATE INDEX command_reused ON command(scope) WHERE reuses > 0",
    ]

    /// `command_count` and `command_sum` are the ``CommandTally``.
    static let head = """
        CREATE TABLE head(
            one INTEGER PRIMARY KEY CHECK (one = 1),
            position INTEGER NOT NULL,
            tree_size INTEGER NOT NULL CHECK (tree_size = position),
            root_hash BLOB NOT NULL,
            frontier BLOB NOT NULL,
            epoch INTEGER NOT NULL,
            command_count INTEGER NOT NULL,
            command_sum BLOB NOT NULL,
            row_hash BLOB NOT NULL
        ) STRICT
        """

    private static let triggers = ["event", "attachment", "stream"].flatMap { table in
        ["UPDATE", "DELETE"].map { change in
            """
            CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
            BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
            """
        }
    }

    static let headTriggers = [
        """
        CREATE TRIGGER head_no_delete BEFORE DELETE ON head
        BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
        """,
        """
        CREATE TRIGGER head_only_forward BEFORE UPDATE ON head
        WHEN NEW.position < OLD.position OR NEW.epoch < OLD.epoch
        BEGIN SELECT RAISE(ABORT, 'the head only goes forward'); END
        """,
    ]
}
