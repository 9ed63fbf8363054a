import Timekeeping

extension Schema {
    /// Brings a log of an earlier schema to this one, in one transaction; does nothing to a log that has it.
    ///
    /// From 1 to 2: `command`, `head` and `meta` get a ``RowHash`` in each row, and the head the ``CommandTally``.
    /// Events, attachments and streams are not touched.
    ///
    /// - Throws: ``EventStoreError`` `corrupted` if the tables are not those of the schema the file says it has.
    static func migrate(_ connection: Connection) throws {
        guard let found = try foundVersion(on: connection), found < version else { return }
        // Fresh hashes would cover up whatever was done to the rows.
        guard found == 1, try connection.integer("SELECT count(*) FROM pragma_table_info('head') WHERE name = 'row_hash'") == 0 else {
            throw EventStoreError(.corrupted, "The log says it has schema \(found), but its tables are of another: run verify.")
        }
        try connection.transaction {
            let commands = try migrateCommands(connection)
            try migrateHead(connection, commands)
            try migrateMeta(connection)
        }
    }

    private static func migrateCommands(_ connection: Connection) throws -> CommandTally {
        // Moved from a renamed table, so that the new one is created by the very text that a new log has.
        try connection.execute("ALTER TABLE command RENAME TO command_before")
        try connection.execute(command)
        // The old table's indexes still bear the names.
        for name in ["command_by_digest", "command_repeated", "command_reused"] { try connection.execute("DROP INDEX \(name)") }
        for index in commandIndexes { try connection.execute(index) }
        let rows = try connection.prepare(
            """
            SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key, repeats, reuses
            FROM command_before ORDER BY number
            """
        )
        let insert = try connection.prepare(Queries.insertCommand)
        var tally = CommandTally()
        while try rows.step() {
            let hash = RowHash.of(rows, columnCount: CommandRow.columnCount, table: "command")
            for column in 0..<CommandRow.columnCount { insert.bind(column + 1, copying: column, of: rows) }
            insert.bind(CommandRow.columnCount + 1, copying: hash.bytes)
            try insert.run()
            tally.add(hash)
        }
        try connection.execute("DROP TABLE command_before")
        return tally
    }

    private static func migrateHead(_ connection: Connection, _ commands: CommandTally) throws {
        guard let old = try StoredHead.read(on: connection) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        for trigger in ["head_no_delete", "head_only_forward"] { try connection.execute("DROP TRIGGER \(trigger)") }
        try connection.execute("DROP TABLE head")
        try connection.execute(head)
        try insert(old, commands, on: connection)
        for trigger in headTriggers { try connection.execute(trigger) }
    }

    private static func migrateMeta(_ connection: Connection) throws {
        guard let identity = try connection.text("SELECT value FROM meta WHERE name = 'identity'") else {
            throw EventStoreError(.corrupted, "The log has no identity: run verify.")
        }
        try connection.execute("DROP TABLE meta")
        try connection.execute(meta)
        try insertMeta("schema", String(version), on: connection)
        try insertMeta("identity", identity, on: connection)
    }
}
