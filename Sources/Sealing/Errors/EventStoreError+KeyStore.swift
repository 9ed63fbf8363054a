import EventStore
import GRDB

extension EventStoreError {
    /// The error for what SQLite answered. SQLite's own text is left out: it may quote values.
    init(_ error: DatabaseError, while activity: String) {
        var facts = Facts()
        facts.sqliteCode = error.extendedResultCode.rawValue
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.diskFull, "No room left while \(activity): free space, then repeat.", facts: facts)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupted, "keys.sqlite is damaged (found while \(activity)): restore it from a backup.", facts: facts)
        case .SQLITE_MISUSE:
            self.init(.closed, "The key store is closed: open it again.", facts: facts)
        default:
            self.init(.storageUnavailable, "SQLite answered \(error.extendedResultCode) while \(activity).", facts: facts)
        }
    }

    static let keyStoreClosed = EventStoreError(.closed, "The key store is closed: open it again.")
}

/// Runs `body`, turning what SQLite refuses into an `EventStoreError`.
func reportingStorage<Value>(while activity: String, _ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch let error as DatabaseError {
        throw EventStoreError(error, while: activity)
    }
}
