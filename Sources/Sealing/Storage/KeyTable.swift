import EventStore
import Foundation
import GRDB
import Timekeeping

/// The rows of data keys.
enum KeyTable {
    /// A data key as stored.
    struct Stored: Sendable {
        var number: Int64
        var id: String
        /// nil = destroyed.
        var content: Content?
        /// Under which master key this row's content is wrapped.
        var masterID: String
    }

    /// What a destroyed key has no more.
    struct Content: Sendable {
        var stream: StreamID
        var wrapped: [UInt8]
    }

    private static let columns = "number, id, stream, wrapped, (SELECT value FROM meta WHERE name = 'master')"

    static func row(of id: String, in database: Database) throws -> Stored? {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM data_key WHERE id = ?")
        // A cursor, because fetchOne copies the row first; its row is good for as long as it lives.
        let rows = try Row.fetchCursor(statement, arguments: [id])
        return try withExtendedLifetime(rows) { try rows.next().map(stored) }
    }

    /// Rows in order of number, the first one after `number`, destroyed ones included.
    static func page(after number: Int64, limit: Int, in database: Database) throws -> [Stored] {
        let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM data_key WHERE number > ? ORDER BY number LIMIT ?")
        return try Row.fetchAll(statement, arguments: [number, limit]).map(stored)
    }

    // Everything is taken as optional: GRDB ends the process on a NULL that is not, and the file may be damaged.
    private static func stored(_ row: Row) throws -> Stored {
        guard let number = row[0] as Int64?, let id = row[1] as String?, let masterID = row[4] as String? else { throw damaged }
        var content: Content?
        if let stream = row[2] as Data?, let wrapped = row[3] as Data? {
            guard let stream = StreamID(bytes: stream) else { throw damaged }
            content = Content(stream: stream, wrapped: Array(wrapped))
        }
        return Stored(number: number, id: id, content: content, masterID: masterID)
    }

    /// A row that the tables' constraints rule out.
    static var damaged: EventStoreError {
        EventStoreError(.corrupted, "A row of keys.sqlite is incomplete: restore it from a backup.")
    }

    static func insert(_ key: DataKey, wrapped: [UInt8], at instant: Instant, in database: Database) throws {
        let statement = try database.cachedStatement(sql: "INSERT INTO data_key(id, stream, created_at, wrapped) VALUES (?, ?, ?, ?)")
        try statement.execute(arguments: [key.id, Data(key.stream.bytes), instant.millisecondsSinceEpoch, Data(wrapped)])
    }

    static func rewrap(_ number: Int64, _ wrapped: [UInt8], in database: Database) throws {
        let statement = try database.cachedStatement(sql: "UPDATE data_key SET wrapped = ? WHERE number = ?")
        try statement.execute(arguments: [Data(wrapped), number])
    }

    static func isTombstone(_ id: String, in database: Database) throws -> Bool {
        let statement = try database.cachedStatement(sql: "SELECT destroyed_at IS NOT NULL FROM data_key WHERE id = ?")
        return try Bool.fetchOne(statement, arguments: [id]) ?? false
    }

    /// Makes a tombstone of a live key, or of an id that is not known.
    ///
    /// - Returns: the stream whose key it was; nil if the id was not known.
    static func bury(_ id: String, at instant: Instant, in database: Database) throws -> StreamID? {
        let find = try database.cachedStatement(sql: "SELECT stream FROM data_key WHERE id = ?")
        if let stream = try Data.fetchOne(find, arguments: [id]) {
            let statement = try database.cachedStatement(
                sql: "UPDATE data_key SET wrapped = NULL, stream = NULL, created_at = NULL, destroyed_at = ? WHERE id = ?"
            )
            try statement.execute(arguments: [instant.millisecondsSinceEpoch, id])
            return StreamID(bytes: stream)
        }
        let statement = try database.cachedStatement(sql: "INSERT INTO data_key(id, destroyed_at) VALUES (?, ?)")
        try statement.execute(arguments: [id, instant.millisecondsSinceEpoch])
        return nil
    }

    /// Whether wrapped bytes are there under this id; nil if the id is not known.
    static func isPresent(_ id: String, in database: Database) throws -> Bool? {
        let statement = try database.cachedStatement(sql: "SELECT wrapped IS NOT NULL FROM data_key WHERE id = ?")
        return try Bool.fetchOne(statement, arguments: [id])
    }

    static func liveCount(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM data_key WHERE stream IS NOT NULL") ?? 0
    }
}
