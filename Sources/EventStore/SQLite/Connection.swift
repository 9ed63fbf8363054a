import GRDBSQLite

/// One SQLite connection. Not thread-safe: its owner lends it to one caller at a time.
final class Connection {
    /// How a connection may be used.
    enum Access {
        case writing
        case reading
    }

    let handle: OpaquePointer

    /// Milliseconds to wait for another process to release a lock, unless said otherwise.
    static let busyTimeout: Int32 = 5000

    /// Opens the database file at `path`, which must exist. Reading goes also where nothing may be written (``StillFile``).
    init(path: String, access: Access) throws {
        switch access {
        case .writing: handle = try Self.open(path, SQLITE_OPEN_READWRITE)
        case .reading: handle = try Self.openForReading(path)
        }
        sqlite3_busy_timeout(handle, Self.busyTimeout)
        try execute("PRAGMA trusted_schema = OFF")
    }

    private static func open(_ path: String, _ flags: Int32) throws -> OpaquePointer {
        var opened: OpaquePointer?
        let result = sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX, nil)
        guard let opened else { throw EventStoreError.sqlite(result, while: "opening the log") }
        sqlite3_extended_result_codes(opened, 1)
        guard result == SQLITE_OK else {
            sqlite3_close_v2(opened)
            throw EventStoreError.sqlite(result, while: "opening the log")
        }
        return opened
    }

    private static func openForReading(_ path: String) throws -> OpaquePointer {
        let opened = try open(path, SQLITE_OPEN_READONLY)
        sqlite3_busy_timeout(opened, busyTimeout)
        // Opening reads nothing yet. What else is wrong with the file the first statement of the caller tells.
        let result = sqlite3_exec(opened, "PRAGMA schema_version", nil, nil, nil)
        guard StillFile.isRefusal(result), let uri = StillFile.uri(of: path) else { return opened }
        sqlite3_close_v2(opened)
        return try open(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }

    deinit {
        // v2: statements that outlive the connection keep it until they are finalized.
        sqlite3_close_v2(handle)
    }

    /// Whether no transaction is open.
    var isIdle: Bool { sqlite3_get_autocommit(handle) != 0 }

    /// Rows changed by the last statement.
    var changes: Int32 { sqlite3_changes(handle) }

    func prepare(_ sql: String) throws -> Statement {
        try Statement(sql, on: self)
    }

    /// Runs statements that give no row, or rows of no interest.
    func execute(_ sql: String) throws {
        let result = sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw error(result, while: "executing a statement") }
    }

    /// The first column of the first row as an integer; nil if there is no row.
    func integer(_ sql: String) throws -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.int64(0) : nil
    }

    /// The first column of the first row as text; nil if there is no row.
    func text(_ sql: String) throws -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.string(0) : nil
    }

    /// Leaves the open transaction, if any, without keeping what it did.
    func rollBack() {
        // After a full disk or an I/O error SQLite may have rolled back by itself.
        guard !isIdle else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Runs `body` in one immediate transaction: all of it is kept, or nothing.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN IMMEDIATE")
        do {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            rollBack()
            throw error
        }
    }

    /// Runs `body` on one state of the database, whatever is committed meanwhile.
    func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try execute("BEGIN")
        defer { rollBack() }
        return try body()
    }

    /// How long to wait for a lock that another connection holds.
    func setBusyTimeout(milliseconds: Int32) {
        sqlite3_busy_timeout(handle, milliseconds)
    }

    /// Moves all of the write-ahead log into the database file, syncs that, and has the log start over.
    ///
    /// - Throws: also when a reader holds an old snapshot for longer than the busy timeout.
    func truncateWriteAheadLog() throws {
        let result = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        guard result == SQLITE_OK else { throw error(result, while: "moving the write-ahead log into the database") }
    }

    func error(_ code: Int32, while activity: String) -> EventStoreError {
        let extended = sqlite3_extended_errcode(handle)
        return .sqlite(extended & 0xFF == code & 0xFF ? extended : code, while: activity)
    }
}
