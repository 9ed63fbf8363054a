import GRDBSQLite

/// One SQLite connection to `views.sqlite` with its prepared statements. Not thread-safe: its owner lends it to one caller at a time.
final class ViewConnection {
    enum Access {
        case writing
        case reading
    }

    let handle: OpaquePointer
    private var statements: [String: ViewStatement] = [:]

    /// Milliseconds to wait for another connection to release a lock.
    private static let busyTimeout: Int32 = 5_000

    /// Opens the file at `path`; for writing it is created if it is missing.
    init(path: String, access: Access) throws(ViewError) {
        let flags: Int32
        switch access {
        case .writing: flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
        case .reading: flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
        }
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags, nil)
        guard let opened else { throw ViewError.storage(code: result, activity: "opening the views") }
        guard result == SQLITE_OK else {
            sqlite3_close_v2(opened)
            throw ViewError.storage(code: result, activity: "opening the views")
        }
        handle = opened
        sqlite3_extended_result_codes(opened, 1)
        sqlite3_busy_timeout(opened, Self.busyTimeout)
        try execute("PRAGMA trusted_schema = OFF")
    }

    deinit {
        // v2: statements that outlive the connection keep it until they are finalized.
        sqlite3_close_v2(handle)
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
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw error(result, while: "running a statement of the views") }
    }

    /// Runs `body` in a transaction that is kept only if it returns.
    func transaction<Value>(_ begin: String = "BEGIN IMMEDIATE", _ body: () throws -> Value) throws -> Value {
        try statement(begin).run()
        do {
            let value = try body()
            try statement("COMMIT").run()
            return value
        } catch {
            // After a full disk or an I/O error SQLite may have rolled back by itself.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    func error(_ code: Int32, while activity: String) -> ViewError {
        let extended = sqlite3_extended_errcode(handle)
        return .storage(code: extended & 0xFF == code & 0xFF ? extended : code, activity: activity)
    }
}
