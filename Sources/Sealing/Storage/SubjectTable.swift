import EventStore
import Foundation
import GRDB
import Timekeeping

/// Which stream is about which patient.
enum SubjectTable {
    /// What is known of a stream.
    struct Known: Sendable {
        /// nil = nothing was said yet.
        var patient: StreamID?
        /// Its live key, if it has one.
        var keyID: String?
    }

    static func known(of stream: StreamID, in database: Database) throws -> Known {
        let statement = try database.cachedStatement(
            sql: "SELECT (SELECT patient FROM subject WHERE stream = ?1), (SELECT id FROM data_key WHERE stream = ?1 ORDER BY number DESC LIMIT 1)"
        )
        let rows = try Row.fetchCursor(statement, arguments: [Data(stream.bytes)])
        return try withExtendedLifetime(rows) {
            guard let row = try rows.next() else { return Known() }
            return Known(patient: (row[0] as Data?).flatMap { StreamID(bytes: $0) }, keyID: row[1])
        }
    }

    static func set(_ stream: StreamID, patient: StreamID, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "INSERT INTO subject(stream, patient) VALUES (?, ?) ON CONFLICT(stream) DO UPDATE SET patient = excluded.patient"
        )
        try statement.execute(arguments: [Data(stream.bytes), Data(patient.bytes)])
    }

    /// Live keys of the patient, the oldest first.
    static func keys(ofPatient patient: StreamID, in database: Database) throws -> [StreamKey] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT data_key.id, data_key.stream, data_key.created_at
                FROM subject JOIN data_key USING (stream) WHERE subject.patient = ? ORDER BY data_key.number
                """,
            arguments: [Data(patient.bytes)]
        )
        return try rows.map { row in
            guard let id = row[0] as String?, let stream = (row[1] as Data?).flatMap({ StreamID(bytes: $0) }), let created = row[2] as Int64? else {
                throw KeyTable.damaged
            }
            return StreamKey(keyID: id, stream: stream, createdAt: Instant(millisecondsSinceEpoch: created))
        }
    }
}
