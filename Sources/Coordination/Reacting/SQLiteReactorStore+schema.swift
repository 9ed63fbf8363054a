import GRDB

extension SQLiteReactorStore {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE checkpoint(name TEXT PRIMARY KEY, position INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE timer(stream BLOB PRIMARY KEY, due INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE INDEX timer_due ON timer(due);
                    CREATE TABLE parked(
                        name TEXT NOT NULL, stream BLOB NOT NULL, position INTEGER NOT NULL, problem TEXT NOT NULL,
                        PRIMARY KEY(name, stream)) STRICT, WITHOUT ROWID;
                    """
            )
        }
        // Parking by event. What was parked before told no time: 0.
        migrator.registerMigration("2") { database in
            try database.execute(
                sql: """
                    ALTER TABLE parked RENAME TO parked_1;
                    CREATE TABLE parked(
                        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, sequence BLOB NOT NULL, position INTEGER NOT NULL,
                        problem TEXT NOT NULL, since INTEGER NOT NULL, attempts INTEGER NOT NULL,
                        UNIQUE(name, sequence, position)) STRICT;
                    INSERT INTO parked(name, sequence, position, problem, since, attempts)
                        SELECT name, stream, position, problem, 0, 1 FROM parked_1 ORDER BY position;
                    DROP TABLE parked_1;
                    CREATE TABLE discarded(
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, sequence BLOB NOT NULL, position INTEGER NOT NULL, problem TEXT NOT NULL,
                        since INTEGER NOT NULL, attempts INTEGER NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT NOT NULL) STRICT;
                    CREATE TABLE follower(
                        name TEXT PRIMARY KEY, kind TEXT NOT NULL, state TEXT NOT NULL, failures INTEGER NOT NULL, position INTEGER NOT NULL,
                        heartbeat INTEGER, handling_first INTEGER, handling_last INTEGER, handling_since INTEGER,
                        last_error TEXT, last_error_at INTEGER, parked INTEGER NOT NULL, reported_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    """
            )
        }
        HandOverStore.registerMigrations(in: &migrator)
        SQLiteLoadLedger.registerMigrations(in: &migrator)
        SQLiteDeadlineStore.registerMigrations(in: &migrator)
        return migrator
    }
}
