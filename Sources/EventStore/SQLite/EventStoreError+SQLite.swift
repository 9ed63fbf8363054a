import GRDBSQLite

extension EventStoreError {
    /// The error for an SQLite result. SQLite's own text is left out: it may quote values.
    static func sqlite(_ result: Int32, while activity: String) -> EventStoreError {
        var facts = Facts()
        facts.sqliteCode = result
        let name = String(cString: sqlite3_errstr(result))
        switch result & 0xFF {
        case SQLITE_FULL:
            return EventStoreError(.diskFull, "No room left while \(activity): free space, then repeat.", facts: facts)
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return EventStoreError(.corrupted, "The log file is damaged (\(name), found while \(activity)): run verify.", facts: facts)
        default:
            return EventStoreError(.storageUnavailable, "SQLite answered \(result) (\(name)) while \(activity).", facts: facts)
        }
    }

    /// Whether the file or its disk failed, so that what a connection holds in memory is worth nothing any more.
    var isStorageFailure: Bool {
        guard let code = facts.sqliteCode else { return self.code == .corrupted }
        let failures = [
            SQLITE_IOERR, SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PROTOCOL, SQLITE_NOLFS,
        ]
        return failures.contains(code & 0xFF)
    }

    /// Whether another connection held a lock for too long.
    var isLockConflict: Bool {
        guard let code = facts.sqliteCode else { return false }
        return code & 0xFF == SQLITE_BUSY
    }

    /// Whether a unique index refused a row.
    var isUniquenessViolation: Bool {
        // SQLITE_CONSTRAINT_UNIQUE, which C defines as an expression that Swift cannot import.
        facts.sqliteCode == SQLITE_CONSTRAINT | 8 << 8
    }
}
