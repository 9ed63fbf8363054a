import GRDBSQLite

/// SQLite's handle of one connection to `views.sqlite`: closed when neither the connection nor any statement of it is left.
final class ViewDatabase {
    let handle: OpaquePointer

    /// Opens the file at `path`; for writing it is created if it is missing.
    init(path: String, access: ViewConnection.Access) throws(ViewError) {
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
    }

    deinit {
        sqlite3_close_v2(handle)
    }

    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    func error(_ code: Int32, while activity: String) -> ViewError {
        let extended = sqlite3_extended_errcode(handle)
        return .storage(code: extended & 0xFF == code & 0xFF ? extended : code, activity: activity)
    }
}
