package import GRDB

extension DatabaseQueue {
    /// Reads as of one moment. GRDB's `read` guards it by `PRAGMA query_only`, which has SQLite compile every cached statement anew, each
    /// time: reading an outbox cost twice as much as it does so.
    package func snapshot<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try unsafeRead { database in
            try database.beginTransaction(.deferred)
            do {
                let value = try body(database)
                try database.commit()
                return value
            } catch {
                // Nothing was written: if it cannot be rolled back, SQLite has done so.
                if database.isInsideTransaction { try? database.rollback() }
                throw error
            }
        }
    }
}
