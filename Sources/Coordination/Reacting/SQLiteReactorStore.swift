public import EventStore
import Foundation
package import GRDB
public import Timekeeping

/// What reactors and process managers must remember across restarts, in `reactors.sqlite`: checkpoints, parked events, the reports of
/// followers, the planner's timers. Losing it costs a second run whose keys recognise what is done, never a loss.
///
/// It names streams and positions, nothing else about a patient; freed pages are overwritten all the same.
public final class SQLiteReactorStore: ReactorStore {
    /// Others keep tables of their own in the same file, whose migrations are theirs.
    package let database: DatabaseQueue

    /// Opens the file or makes it; one that is damaged is set aside and begun anew (``ReactorsDatabase``).
    ///
    /// - Parameter report: is told, in words for operators, that a damaged file was set aside.
    /// - Throws: what SQLite says if the file cannot be opened or made.
    public init(path: String, report: (String) -> Void = { _ in }) throws {
        database = try ReactorsDatabase.open(path, report)
    }

    /// Opens the file for reading, whoever writes to it; also where nothing may be written. One that is missing reads as empty.
    ///
    /// - Throws: `EventStoreError` `corrupted` if the file is damaged; what SQLite says if it cannot be read.
    public init(readingOnly path: String) throws {
        database = try ReactorsDatabase.openForReading(path)
    }

    // MARK: - Checkpoints

    public func checkpoint(of reactor: String) throws -> FollowerCheckpoint {
        try database.snapshot { try Self.checkpoint(of: reactor, in: $0) ?? .start }
    }

    public func save(
        _ checkpoint: FollowerCheckpoint,
        of reactor: String,
        parking: [ParkingRequest],
        knowing known: Set<StreamID>
    ) throws -> Bool {
        try database.write { database in
            if let saved = try Self.checkpoint(of: reactor, in: database), !checkpoint.mayReplace(saved) { return true }
            guard try Self.parkedSequences(of: reactor, in: database) == known else { return false }
            for request in parking { try Self.park(request, of: reactor, in: database) }
            try database.execute(
                sql: "INSERT OR REPLACE INTO checkpoint(name, position, epoch) VALUES (?, ?, ?)",
                arguments: [reactor, checkpoint.position, checkpoint.epoch]
            )
            return true
        }
    }

    private static func checkpoint(of reactor: String, in database: Database) throws -> FollowerCheckpoint? {
        let row = try Row.fetchOne(database, sql: "SELECT position, epoch FROM checkpoint WHERE name = ?", arguments: [reactor])
        return row.map { FollowerCheckpoint(position: $0["position"], epoch: $0["epoch"]) }
    }

    // MARK: - Parking

    public func parkedSequences(of reactor: String) throws -> Set<StreamID> {
        try database.snapshot { try Self.parkedSequences(of: reactor, in: $0) }
    }

    public func park(_ request: ParkingRequest, of reactor: String) throws {
        try database.write { try Self.park(request, of: reactor, in: $0) }
    }

    public func parked(of reactor: String?, sequence: StreamID?) throws -> [ParkedItem] {
        try database.snapshot { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM parked WHERE (?1 IS NULL OR name = ?1) AND (?2 IS NULL OR sequence = ?2) ORDER BY name, position
                    """,
                arguments: [reactor, sequence.map { Data($0.bytes) }]
            ).compactMap(ParkedItem.init(row:))
        }
    }

    public func note(_ problem: String, on item: ParkedItem) throws {
        try database.write { database in
            try database.execute(
                sql: "UPDATE parked SET problem = ?, attempts = attempts + 1 WHERE id = ?",
                arguments: [problem, item.id]
            )
        }
    }

    public func unpark(_ item: ParkedItem) throws {
        try database.write { try $0.execute(sql: "DELETE FROM parked WHERE id = ?", arguments: [item.id]) }
    }

    public func discard(_ id: Int64, reason: String, by: String, at instant: Instant) throws -> DiscardedItem? {
        try database.write { database in
            guard let row = try Row.fetchOne(database, sql: "SELECT * FROM parked WHERE id = ?", arguments: [id]), let item = ParkedItem(row: row)
            else { return nil }
            try database.execute(
                sql: """
                    INSERT INTO discarded(id, name, sequence, position, problem, since, attempts, by, at, reason)
                    SELECT id, name, sequence, position, problem, since, attempts, ?2, ?3, ?4 FROM parked WHERE id = ?1;
                    """,
                arguments: [id, by, instant.millisecondsSinceEpoch, reason]
            )
            try database.execute(sql: "DELETE FROM parked WHERE id = ?", arguments: [id])
            return DiscardedItem(item: item, by: by, at: instant, reason: reason)
        }
    }

    public func discarded() throws -> [DiscardedItem] {
        try database.snapshot { database in
            try Row.fetchAll(database, sql: "SELECT * FROM discarded ORDER BY at, id").compactMap { row in
                ParkedItem(row: row).map {
                    DiscardedItem(item: $0, by: row["by"], at: Instant(millisecondsSinceEpoch: row["at"]), reason: row["reason"])
                }
            }
        }
    }

    private static func parkedSequences(of reactor: String, in database: Database) throws -> Set<StreamID> {
        let rows = try Data.fetchAll(database, sql: "SELECT DISTINCT sequence FROM parked WHERE name = ?", arguments: [reactor])
        return Set(rows.compactMap { StreamID(bytes: $0) })
    }

    private static func park(_ request: ParkingRequest, of reactor: String, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO parked(name, sequence, position, problem, since, attempts) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name, sequence, position) DO NOTHING
                """,
            arguments: [
                reactor, Data(request.sequence.bytes), request.position, request.problem, request.since.millisecondsSinceEpoch, request.attempts,
            ]
        )
    }

    // MARK: - Erasure

    /// Overwrites what was deleted: empties the write-ahead log into the file, whose freed pages hold zeros already.
    ///
    /// - Returns: false if another process is reading just now: call again.
    public func purge() throws -> Bool {
        try database.writeWithoutTransaction { database in
            try Int.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
        }
    }
}

extension ParkedItem {
    /// Nil if the row holds no stream id.
    fileprivate init?(row: Row) {
        guard let sequence = StreamID(bytes: row["sequence"] as Data) else { return nil }
        self.init(
            id: row["id"],
            reactor: row["name"],
            sequence: sequence,
            position: row["position"],
            problem: row["problem"],
            since: Instant(millisecondsSinceEpoch: row["since"]),
            attempts: row["attempts"]
        )
    }
}
