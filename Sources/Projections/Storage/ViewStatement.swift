import EventStore
import GRDBSQLite
import Timekeeping

/// A prepared statement, kept as long as its connection and run many times. Parameters count from 1, columns from 0, as in SQLite.
///
/// Written on the C interface, as the log is: a rebuild runs several statements per event, and each microsecond counts.
final class ViewStatement {
    private let handle: OpaquePointer
    // Keeps the file open while the statement lives. The connection is not kept: it keeps its statements.
    private let database: ViewDatabase
    private let streams: StreamNumbers?

    convenience init(_ sql: String, on connection: ViewConnection) throws(ViewError) {
        try self.init(sql, on: connection.database, streams: connection.streams)
    }

    /// - Parameter streams: what numbers the streams that are bound and read; nil for a statement that has none.
    init(_ sql: String, on database: ViewDatabase, streams: StreamNumbers? = nil) throws(ViewError) {
        var prepared: OpaquePointer?
        let result = sqlite3_prepare_v3(database.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard result == SQLITE_OK, let prepared else { throw database.error(result, while: "preparing a statement of the views") }
        handle = prepared
        self.database = database
        self.streams = streams
    }

    deinit {
        sqlite3_finalize(handle)
    }

    // MARK: - Running

    /// Advances to the next row; false when there is none, the statement being then ready to run again.
    func step() throws(ViewError) -> Bool {
        let result = sqlite3_step(handle)
        if result == SQLITE_ROW { return true }
        // An error is read before the reset, which would clear it.
        let failure = result == SQLITE_DONE ? nil : database.error(result, while: "running a statement of the views")
        sqlite3_reset(handle)
        if let failure { throw failure }
        return false
    }

    /// Runs a statement that gives no row.
    func run() throws(ViewError) {
        while try step() {}
    }

    /// Makes the statement ready to run again before its last row was read.
    func reset() {
        sqlite3_reset(handle)
    }

    /// The values that `read` makes of each row.
    func rows<Value>(_ read: (ViewStatement) throws -> Value) throws -> [Value] {
        defer { reset() }
        var values: [Value] = []
        while try step() { values.append(try read(self)) }
        return values
    }

    /// What `read` makes of the first row; nil if there is none.
    func first<Value>(_ read: (ViewStatement) throws -> Value) throws -> Value? {
        defer { reset() }
        return try step() ? try read(self) : nil
    }

    // MARK: - Parameters

    func bind(_ index: Int32, _ value: Int64) {
        sqlite3_bind_int64(handle, index, value)
    }

    func bind(_ index: Int32, _ value: Int) {
        sqlite3_bind_int64(handle, index, Int64(value))
    }

    func bindNull(_ index: Int32) {
        sqlite3_bind_null(handle, index)
    }

    /// Binds a copy of `text`; NULL for nil.
    func bind(_ index: Int32, _ text: String?) {
        guard var text else { return bindNull(index) }
        text.withUTF8 { utf8 in
            guard let start = utf8.baseAddress else {
                sqlite3_bind_text(handle, index, "", 0, nil)
                return
            }
            start.withMemoryRebound(to: CChar.self, capacity: utf8.count) { characters in
                _ = sqlite3_bind_text(handle, index, characters, Int32(clamping: utf8.count), Self.transient)
            }
        }
    }

    /// Binds a copy of `bytes`; NULL for nil.
    func bind(_ index: Int32, _ bytes: [UInt8]?) {
        guard let bytes else { return bindNull(index) }
        bytes.withUnsafeBytes { buffer in
            guard let start = buffer.baseAddress, !buffer.isEmpty else {
                sqlite3_bind_zeroblob(handle, index, 0)
                return
            }
            sqlite3_bind_blob64(handle, index, start, UInt64(buffer.count), Self.transient)
        }
    }

    /// Binds the number that stands for a stream in the tables; NULL for nil. Where nothing is written, a stream that the views do not know
    /// has a number that matches nothing.
    func bind(_ index: Int32, _ stream: StreamID?) throws(ViewError) {
        guard let stream else { return bindNull(index) }
        bind(index, try streams?.number(of: stream) ?? StreamNumbers.none)
    }

    /// Binds milliseconds to `index` and the offset in minutes to the parameter behind it; two NULLs for nil.
    func bind(_ index: Int32, _ instant: Instant?) {
        guard let instant else {
            bindNull(index)
            bindNull(index + 1)
            return
        }
        bind(index, instant.millisecondsSinceEpoch)
        bind(index + 1, Int64(instant.offsetMinutes))
    }

    // SQLITE_TRANSIENT, which C defines as a cast that Swift cannot import.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    // MARK: - Columns

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func int(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }

    func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }

    func string(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(handle, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column))), as: UTF8.self)
    }

    func optionalString(_ column: Int32) -> String? { isNull(column) ? nil : string(column) }

    func bytes(_ column: Int32) -> [UInt8] {
        let start = sqlite3_column_blob(handle, column)
        return Array(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
    }

    /// The stream whose number the column holds; nil for NULL.
    /// - Throws: `ViewError.damaged` if the number stands for no stream.
    func stream(_ column: Int32) throws(ViewError) -> StreamID? {
        isNull(column) ? nil : try streams?.stream(int64(column))
    }

    /// What ``bind(_:_:)-(Int32,Instant?)`` wrote to this column and the one behind it.
    func optionalInstant(_ column: Int32) -> Instant? {
        isNull(column) ? nil : instant(column)
    }

    func instant(_ column: Int32) -> Instant {
        Instant(millisecondsSinceEpoch: int64(column), offsetMinutes: Int16(clamping: int64(column + 1)))
    }

    /// The column as SQLite holds it, for dumps: its type, then its bytes.
    func appendStored(_ column: Int32, to bytes: inout [UInt8]) {
        let kind = sqlite3_column_type(handle, column)
        bytes.append(UInt8(truncatingIfNeeded: kind))
        if kind == SQLITE_INTEGER {
            withUnsafeBytes(of: int64(column).bigEndian) { bytes.append(contentsOf: $0) }
        } else if kind != SQLITE_NULL {
            let stored = self.bytes(column)
            withUnsafeBytes(of: UInt64(stored.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: stored)
        }
    }

    var columnCount: Int32 { sqlite3_column_count(handle) }
}
