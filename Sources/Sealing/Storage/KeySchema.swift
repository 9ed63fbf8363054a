import EventStore
import GRDB

/// The tables of `keys.sqlite`.
enum KeySchema {
    /// Raised when a release changes the tables; an older release then refuses the file.
    static let version = 1

    /// What a key store says about itself.
    struct Origin: Sendable {
        var identity: String
        var masterID: String
    }

    static func create(in database: Database, _ origin: Origin) throws {
        try database.inTransaction(.immediate) {
            for statement in tables + triggers { try database.execute(sql: statement) }
            for (name, value) in [("schema", String(version)), ("identity", origin.identity), ("master", origin.masterID)] {
                try database.execute(sql: "INSERT INTO meta(name, value) VALUES (?, ?)", arguments: [name, value])
            }
            return .commit
        }
    }

    static func isEmpty(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0
    }

    /// - Throws: ``SealingError`` `noKeyStore`, `EventStoreError` `schemaTooNew`.
    static func check(_ database: Database) throws -> Origin {
        guard try database.tableExists("meta"), try database.tableExists("data_key"),
            let schema = try meta("schema", database).flatMap(Int.init),
            let identity = try meta("identity", database),
            let masterID = try meta("master", database)
        else {
            throw SealingError(.noKeyStore, "keys.sqlite is not a key store: check the data directory.")
        }
        guard schema <= version else {
            throw EventStoreError(.schemaTooNew, "keys.sqlite has schema \(schema), this release knows \(version): use a later release.")
        }
        return Origin(identity: identity, masterID: masterID)
    }

    static func setMaster(_ id: String, in database: Database) throws {
        try database.execute(sql: "UPDATE meta SET value = ? WHERE name = 'master'", arguments: [id])
    }

    private static func meta(_ name: String, _ database: Database) throws -> String? {
        try String.fetchOne(database, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
    }

    private static let tables = [
        "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
        // Rows are added at the end and never removed, and a change never makes one longer: so SQLite never moves a row
        // to another page, where its old copy could outlast it.
        """
        CREATE TABLE data_key(
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            stream BLOB CHECK (length(stream) = 16),
            created_at INTEGER,
            destroyed_at INTEGER,
            wrapped BLOB CHECK (length(wrapped) = \(KeyWrapping.wrappedLength)),
            CHECK ((destroyed_at IS NULL) = (wrapped IS NOT NULL)),
            CHECK ((destroyed_at IS NULL) = (stream IS NOT NULL)),
            CHECK ((destroyed_at IS NULL) = (created_at IS NOT NULL))
        ) STRICT
        """,
        "CREATE UNIQUE INDEX data_key_live ON data_key(stream) WHERE stream IS NOT NULL",
        """
        CREATE TABLE subject(
            stream BLOB PRIMARY KEY CHECK (length(stream) = 16),
            patient BLOB NOT NULL CHECK (length(patient) = 16)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX subject_by_patient ON subject(patient)",
    ]

    private static let triggers = [
        """
        CREATE TRIGGER data_key_no_delete BEFORE DELETE ON data_key
        BEGIN SELECT RAISE(ABORT, 'a key leaves a tombstone'); END
        """,
        """
        CREATE TRIGGER data_key_no_return BEFORE UPDATE ON data_key WHEN OLD.destroyed_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END
        """,
        """
        CREATE TRIGGER data_key_same_name BEFORE UPDATE ON data_key WHEN OLD.id <> NEW.id OR OLD.number <> NEW.number
        BEGIN SELECT RAISE(ABORT, 'a key keeps its name'); END
        """,
    ]
}
