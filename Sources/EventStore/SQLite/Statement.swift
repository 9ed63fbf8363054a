import GRDBSQLite

/// A prepared statement, kept for as long as its connection and run many times.
///
/// Parameters count from 1, columns from 0, as in SQLite.
final class Statement {
    private let handle: OpaquePointer
    // Keeps the connection open while the statement lives.
    private let connection: Connection

    init(_ sql: String, on connection: Connection) throws {
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let prepared else { throw connection.error(result, while: "preparing a statement") }
        handle = prepared
        self.connection = connection
    }

    deinit {
        sqlite3_finalize(handle)
    }

    // MARK: Running

    /// Advances to the next row; false when there is none, the statement being then ready to run again.
    func step() throws -> Bool {
        let result = sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        // An error is read before the reset, which would clear it.
        let failure = result == SQLITE_DONE ? nil : connection.error(result, while: "running a statement")
        sqlite3_reset(handle)
        if let failure { throw failure }
        return false
    }

    /// Runs a statement that gives no row.
    func run() throws {
        while try step() {}
    }

    /// Makes the statement ready to run again before its last row was read.
    func reset() {
        sqlite3_reset(handle)
    }

    // MARK: Parameters

    func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(handle, index, value)
    }

    func bind(_ index: Int32, _ value: Int64?) {
        guard let value else { return bindNull(index) }
        sqlite3_bind_int64(handle, index, value)
    }

    func bindNull(_ index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    /// Binds a copy of `text`.
    func bind(_ index: Int32, copying text: String?) {
        guard var text else { return bindNull(index) }
        text.withUTF8 { utf8 in
            guard let start = utf8.baseAddress else {
                sqlite3_bind_text(handle, index, "", 0, nil)
                return
            }
            start.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
                _ = sqlite3_bind_text(handle, index, characters, Int32(utf8.count), Self.transient)
            }
        }
    }

    /// Binds a copy of `bytes`.
    func bind(_ index: Int32, copying bytes: [UInt8]?) {
        guard let bytes else { return bindNull(index) }
        bytes.withUnsafeBytes { bind(index, $0, Self.transient) }
    }

    /// Binds `bytes` without copying: they must stay where they are until the statement has run and is bound anew.
    func bind(_ index: Int32, lending bytes: UnsafeRawBufferPointer) {
        bind(index, bytes, nil)
    }

    /// As ``bind(_:lending:)``; NULL for nil.
    func bind(_ index: Int32, lendingIfAny bytes: UnsafeRawBufferPointer?) {
        guard let bytes else { return bindNull(index) }
        bind(index, bytes, nil)
    }

    /// Binds UTF-8 text without copying: it must stay where it is until the statement has run and is bound anew.
    func bindText(_ index: Int32, lending utf8: UnsafeRawBufferPointer?) {
        guard let utf8 else { return bindNull(index) }
        guard let start = utf8.baseAddress else {
            sqlite3_bind_text(handle, index, "", 0, nil)
            return
        }
        sqlite3_bind_text(handle, index, start.assumingMemoryBound(to: CChar.self), Int32(clamping: utf8.count), nil)
    }

    /// Binds a copy of a column of another statement's current row.
    func bind(_ index: Int32, copying column: Int32, of row: Statement) {
        sqlite3_bind_value(handle, index, sqlite3_column_value(row.handle, column))
    }

    private func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer, _ ownership: sqlite3_destructor_type?) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
            sqlite3_bind_zeroblob(handle, index, 0)
            return
        }
        sqlite3_bind_blob64(handle, index, start, UInt64(bytes.count), ownership)
    }

    // SQLITE_TRANSIENT, which C defines as a cast that Swift cannot import.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    // MARK: Columns

    var columnCount: Int32 { sqlite3_column_count(handle) }

    func columnName(_ column: Int32) -> String {
        sqlite3_column_name(handle, column).map { String(cString: $0) } ?? ""
    }

    func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// The storage class of a column: `SQLITE_INTEGER`, `SQLITE_TEXT`, `SQLITE_BLOB`, `SQLITE_FLOAT` or `SQLITE_NULL`.
    func type(_ column: Int32) -> Int32 {
        sqlite3_column_type(handle, column)
    }

    func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    func string(_ column: Int32) -> String {
        String(decoding: text(column), as: UTF8.self)
    }

    /// The UTF-8 of a text column, valid until the next step.
    func text(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_text(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    /// The bytes of a blob column, valid until the next step.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column)))
    }

    func bytes(_ column: Int32) -> [UInt8] {
        Array(blob(column))
    }
}
