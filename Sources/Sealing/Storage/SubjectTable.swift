import EventStore
import Foundation
import GRDB
import Timekeeping

/// Which stream is about which patient, and which patients are one person.
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
            sql: "SELECT (SELECT patient FROM subject WHERE stream = ?1), (SELECT id FROM data_key WHERE stream = ?1)"
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

    static func link(_ alias: StreamID, to survivor: StreamID, in database: Database) throws {
        try database.execute(
            sql: "INSERT INTO alias(patient, survivor) VALUES (?, ?) ON CONFLICT(patient) DO UPDATE SET survivor = excluded.survivor",
            arguments: [Data(alias.bytes), Data(survivor.bytes)]
        )
    }

    static func unlink(_ alias: StreamID, in database: Database) throws {
        try database.execute(sql: "DELETE FROM alias WHERE patient = ?", arguments: [Data(alias.bytes)])
    }

    // Links are followed both ways: whichever of the merged identities is named, the person is the same. UNION ends cycles.
    private static let samePerson = """
        WITH RECURSIVE person(patient) AS (
            VALUES (?1)
            UNION SELECT alias.survivor FROM alias JOIN person ON alias.patient = person.patient
            UNION SELECT alias.patient FROM alias JOIN person ON alias.survivor = person.patient
        )
        """

    /// `patient` and all patients merged with them, in order of id.
    static func identities(of patient: StreamID, in database: Database) throws -> [StreamID] {
        let rows = try Data.fetchAll(
            database,
            sql: "\(samePerson) SELECT patient FROM person ORDER BY patient",
            arguments: [Data(patient.bytes)]
        )
        return try rows.map { bytes in
            guard let identity = StreamID(bytes: bytes) else { throw KeyTable.damaged }
            return identity
        }
    }

    /// Live keys of the person, the oldest first.
    static func keys(ofPerson patient: StreamID, in database: Database) throws -> [StreamKey] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                \(samePerson)
                SELECT data_key.id, data_key.stream, data_key.created_at
                FROM person JOIN subject USING (patient) JOIN data_key USING (stream) ORDER BY data_key.number
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
