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

    /// Whether an I/O error leaves it unknown what is on disk.
    var isInputOutputError: Bool {
        guard let code = facts.sqliteCode else { return false }
        return [SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF)
    }

    /// Whether a unique index refused a row.
    var isUniquenessViolation: Bool {
        // SQLITE_CONSTRAINT_UNIQUE, which C defines as an expression that Swift cannot import.
        facts.sqliteCode == SQLITE_CONSTRAINT | 8 << 8
    }
}
