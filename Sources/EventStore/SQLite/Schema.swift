/// The tables of `log.sqlite`.
enum Schema {
    /// Raised when a release changes the tables; an older release then refuses the file.
    static let version: Int64 = 1

    /// Creates everything in one transaction, for the log named `identity`.
    static func create(on connection: Connection, identity: String) throws {
        try connection.execute("BEGIN IMMEDIATE")
        do {
            for statement in tables + triggers { try connection.execute(statement) }
            let meta = try connection.prepare("INSERT INTO meta(name, value) VALUES (?1, ?2)")
            for (name, value) in [("schema", String(version)), ("identity", identity)] {
                meta.bind(1, copying: name)
                meta.bind(2, copying: value)
                try meta.run()
            }
            let head = try connection.prepare(
                "INSERT INTO head(one, position, tree_size, root_hash, frontier, epoch) VALUES (1, 0, 0, ?1, x'', 0)"
            )
            head.bind(1, copying: MerkleFrontier().root.bytes)
            try head.run()
            try connection.execute("COMMIT")
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// Whether the file has our tables.
    static func exists(on connection: Connection) throws -> Bool {
        try connection.integer("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'") == 1
    }

    /// The log's identity.
    ///
    /// - Throws: ``EventStoreError`` `notALog` or `schemaTooNew`.
    static func check(on connection: Connection) throws -> String {
        guard try exists(on: connection),
            let text = try connection.text("SELECT value FROM meta WHERE name = 'schema'"),
            let found = Int64(text),
            let identity = try connection.text("SELECT value FROM meta WHERE name = 'identity'")
        else {
            throw EventStoreError(.notALog, "The database file is not an event log: check the data directory.")
        }
        guard found <= version else {
            throw EventStoreError(.schemaTooNew, "The log has schema \(found), this release knows \(version): use a later release.")
        }
        return identity
    }

    private static let tables = [
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
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
        // Rows are added at the end; only the 16-byte digests of the index fall in random places.
        """
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
            repeats INTEGER NOT NULL DEFAULT 0,
            reuses INTEGER NOT NULL DEFAULT 0
        ) STRICT
        """,
        "CREATE UNIQUE INDEX command_by_digest ON command(digest)",
        "CREATE INDEX command_repeated ON command(scope) WHERE repeats > 0",
        "CREATE INDEX command_reused ON command(scope) WHERE reuses > 0",
        """
        CREATE TABLE head(
            one INTEGER PRIMARY KEY CHECK (one = 1),
            position INTEGER NOT NULL,
            tree_size INTEGER NOT NULL CHECK (tree_size = position),
            root_hash BLOB NOT NULL,
            frontier BLOB NOT NULL,
            epoch INTEGER NOT NULL
        ) STRICT
        """,
    ]

    private static let triggers =
        ["event", "attachment", "stream"].flatMap { table in
            ["UPDATE", "DELETE"].map { change in
                """
                CREATE TRIGGER \(table)_no_\(change.lowercased()) BEFORE \(change) ON \(table)
                BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
                """
            }
        } + [
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
