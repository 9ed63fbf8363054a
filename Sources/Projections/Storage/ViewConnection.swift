import GRDBSQLite

/// One SQLite connection to `views.sqlite` with its prepared statements. Not thread-safe: its owner lends it to one caller at a time.
final class ViewConnection {
    enum Access {
        case writing
        case reading
    }

    let database: ViewDatabase
    /// What stands for streams in the tables.
    let streams: StreamNumbers
    private var statements: [String: ViewStatement] = [:]

    /// Milliseconds to wait for another connection to release a lock.
    private static let busyTimeout: Int32 = 5_000

    /// Opens the file at `path`; for writing it is created if it is missing.
    init(path: String, access: Access) throws(ViewError) {
        database = try ViewDatabase(path: path, access: access)
        streams = StreamNumbers(database, access: access)
        sqlite3_extended_result_codes(database.handle, 1)
        sqlite3_busy_timeout(database.handle, Self.busyTimeout)
        try execute("PRAGMA trusted_schema = OFF")
    }

    /// A statement that is prepared once and kept.
    func statement(_ sql: String) throws(ViewError) -> ViewStatement {
        if let statement = statements[sql] { return statement }
        let statement = try ViewStatement(sql, on: self)
        statements[sql] = statement
        return statement
    }

    /// Runs statements that give no row, or rows of no interest.
    func execute(_ sql: String) throws(ViewError) {
        let result = sqlite3_exec(database.handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw database.error(result, while: "running a statement of the views") }
    }

    /// Runs `body` in a transaction that is kept only if it returns.
    func transaction<Value>(_ begin: String = "BEGIN IMMEDIATE", _ body: () throws -> Value) throws -> Value {
        try self.begin(begin)
        do {
            let value = try body()
            try commit()
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    // MARK: - A transaction step by step

    func begin(_ begin: String = "BEGIN IMMEDIATE") throws(ViewError) {
        try statement(begin).run()
    }

    func commit() throws(ViewError) {
        try statement("COMMIT").run()
    }

    /// Ends the transaction under way, if there is one, as if it had never begun.
    func rollBack() {
        // After a full disk or an I/O error SQLite may have rolled back by itself.
        if sqlite3_get_autocommit(database.handle) == 0 { sqlite3_exec(database.handle, "ROLLBACK", nil, nil, nil) }
        // Numbers that were given in it are given again, to others.
        streams.forget()
    }
}
