import EventStore
import Foundation
import GRDB
import Timekeeping

/// Reading and taking in keys of another machine.
enum ReplicationTable {
    /// What is here under an id.
    enum Standing {
        case unknown
        case destroyed
        case live(StreamID)
    }

    private static let liveKey = """
        SELECT number, id, data_key.stream, (SELECT patient FROM subject WHERE subject.stream = data_key.stream), created_at, wrapped,
            (SELECT value FROM meta WHERE name = 'master')
        FROM data_key
        """
    private static let livePage = "\(liveKey) WHERE number > ? AND data_key.stream IS NOT NULL ORDER BY number LIMIT ?"
    private static let destroyedPage = "SELECT number, id FROM data_key WHERE number > ? AND destroyed_at IS NOT NULL ORDER BY number LIMIT ?"

    /// Statements that run per page, so that a test can ask SQLite how it runs each.
    static let pages = [livePage, destroyedPage]

    static func live(after number: Int64, limit: Int, in database: Database) throws -> [NumberedKey] {
        let statement = try database.cachedStatement(sql: livePage)
        return try Row.fetchAll(statement, arguments: [number, limit]).map(numbered)
    }

    /// nil if there is no live key of that id.
    static func live(_ id: String, in database: Database) throws -> WrappedKey? {
        let statement = try database.cachedStatement(sql: "\(liveKey) WHERE id = ? AND data_key.stream IS NOT NULL")
        return try Row.fetchOne(statement, arguments: [id]).map(numbered)?.key
    }

    private static func numbered(_ row: Row) throws -> NumberedKey {
        // Everything is taken as optional: GRDB ends the process on a NULL that is not, and the file may be damaged.
        guard let number = row[0] as Int64?, let id = row[1] as String?, let stream = (row[2] as Data?).flatMap({ StreamID(bytes: $0) }),
            let created = row[4] as Int64?, let wrapped = row[5] as Data?, let masterID = row[6] as String?
        else { throw KeyTable.damaged }
        let patient = (row[3] as Data?).flatMap { StreamID(bytes: $0) }
        let key = WrappedKey(
            id: id,
            stream: stream,
            patient: patient,
            createdAt: Instant(millisecondsSinceEpoch: created),
            masterID: masterID,
            wrapped: Array(wrapped)
        )
        return NumberedKey(number: number, key: key)
    }

    static func destroyed(after number: Int64, limit: Int, in database: Database) throws -> [DestroyedKey] {
        let statement = try database.cachedStatement(sql: destroyedPage)
        return try Row.fetchAll(statement, arguments: [number, limit]).map { row in
            guard let number = row[0] as Int64?, let id = row[1] as String? else { throw KeyTable.damaged }
            return DestroyedKey(number: number, id: id)
        }
    }

    static func standing(of id: String, in database: Database) throws -> Standing {
        let statement = try database.cachedStatement(sql: "SELECT stream FROM data_key WHERE id = ?")
        let rows = try Row.fetchCursor(statement, arguments: [id])
        return try withExtendedLifetime(rows) {
            guard let row = try rows.next() else { return .unknown }
            guard let stream = row[0] as Data? else { return .destroyed }
            guard let stream = StreamID(bytes: stream) else { throw KeyTable.damaged }
            return .live(stream)
        }
    }

    /// Lets a stream have several live keys, of which the newest is in use: a writer that was replaced has made keys that the new one never
    /// heard of, and what they sealed must stay readable, and be erased with the rest.
    static func allowSeveralKeys(in database: Database) throws {
        let isUnique = try Bool.fetchOne(database, sql: "SELECT \"unique\" FROM pragma_index_list('data_key') WHERE name = 'data_key_live'")
        guard isUnique ?? true else { return }
        try database.execute(
            sql: "DROP INDEX IF EXISTS data_key_live; CREATE INDEX data_key_live ON data_key(stream) WHERE stream IS NOT NULL"
        )
    }
}
