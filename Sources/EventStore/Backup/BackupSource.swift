/// The log that is copied: read only, one short snapshot after the other.
final class BackupSource {
    /// How far the log went at one moment. Streams, events and attachments up to there never change.
    struct Mark {
        let head: LogHead
        /// The last key of each table.
        let last: [BackupTable: Int64]
    }

    let connection: Connection
    let identity: String
    /// The statements that made the tables, in order.
    let schema: [String]

    init(_ directory: DataDirectory) throws {
        guard directory.hasLog else {
            throw EventStoreError(.notALog, "The data directory holds no log to back up: check its path.")
        }
        connection = try Connection(path: directory.log, access: .reading)
        identity = try Schema.check(on: connection)
        guard try BackupTable.coverAll(of: connection) else {
            throw EventStoreError(.schemaTooNew, "The log has a table that backups of this release do not know: use a later release.")
        }
        schema = try connection.schemaStatements()
    }

    /// Reads the log's end, and runs `body` within the same snapshot: what changes later is to be copied there.
    func mark(_ body: (Mark) throws -> Void) throws -> Mark {
        try connection.snapshot {
            guard let head = try StoredHead.read(on: connection) else {
                throw EventStoreError(.corrupted, "The log has no head row: run verify.")
            }
            let mark = Mark(
                head: LogHead(position: head.position, rootHash: head.rootHash, epoch: head.epoch),
                last: Dictionary(uniqueKeysWithValues: try BackupTable.allCases.map { ($0, try $0.last(on: connection)) })
            )
            try body(mark)
            return mark
        }
    }
}

extension Connection {
    /// The statements that made this database, in order.
    func schemaStatements() throws -> [String] {
        let rows = try prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        var statements: [String] = []
        while try rows.step() { statements.append(rows.string(0)) }
        return statements
    }
}
