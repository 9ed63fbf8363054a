public import EventStore
import Foundation
import GRDB
public import Timekeeping

/// What process managers must remember across restarts, in `reactors.sqlite`: checkpoints, timers, parked work. Losing it costs a second
/// run whose keys recognise what is done, never a loss.
public final class PlannerStore: Sendable {
    public struct Timer: Hashable, Sendable {
        public let due: Instant
        public let stream: StreamID
    }

    /// A pathway that a process manager could not work on.
    public struct Parked: Hashable, Sendable {
        public let stream: StreamID
        public let position: Int64
        public let problem: String
    }

    private let database: DatabaseQueue

    /// - Throws: what SQLite says if the file cannot be opened or made.
    public init(path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.journalMode = .wal
        database = try DatabaseQueue(path: path, configuration: configuration)
        try Self.migrator.migrate(database)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE checkpoint(name TEXT PRIMARY KEY, position INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE TABLE timer(stream BLOB PRIMARY KEY, due INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE INDEX timer_due ON timer(due);
                    CREATE TABLE parked(
                        name TEXT NOT NULL, stream BLOB NOT NULL, position INTEGER NOT NULL, problem TEXT NOT NULL,
                        PRIMARY KEY(name, stream)) STRICT, WITHOUT ROWID;
                    """
            )
        }
        return migrator
    }

    func checkpoint(of name: String) throws -> FollowerCheckpoint {
        try database.read { database in
            let row = try Row.fetchOne(database, sql: "SELECT position, epoch FROM checkpoint WHERE name = ?", arguments: [name])
            return row.map { FollowerCheckpoint(position: $0["position"], epoch: $0["epoch"]) } ?? .start
        }
    }

    /// Moves the checkpoint, and sets (`due`) or clears (nil) the timers of pathways, in one transaction; nothing if a later epoch holds it.
    func advance(_ name: String, to checkpoint: FollowerCheckpoint, timers: [StreamID: Instant?], parked: [Parked]) throws {
        try database.write { database in
            let saved = try Row.fetchOne(database, sql: "SELECT position, epoch FROM checkpoint WHERE name = ?", arguments: [name])
            if let saved, !checkpoint.mayReplace(FollowerCheckpoint(position: saved["position"], epoch: saved["epoch"])) { return }
            let set = try database.cachedStatement(
                sql: "INSERT INTO timer(stream, due) VALUES (?, ?) ON CONFLICT(stream) DO UPDATE SET due = excluded.due"
            )
            let clear = try database.cachedStatement(sql: "DELETE FROM timer WHERE stream = ?")
            for (stream, due) in timers {
                if let due {
                    try set.execute(arguments: [Data(stream.bytes), due.millisecondsSinceEpoch])
                } else {
                    try clear.execute(arguments: [Data(stream.bytes)])
                }
            }
            for item in parked { try Self.park(item, of: name, in: database) }
            try database.execute(
                sql: "INSERT OR REPLACE INTO checkpoint(name, position, epoch) VALUES (?, ?, ?)",
                arguments: [name, checkpoint.position, checkpoint.epoch]
            )
        }
    }

    func dueTimers(at instant: Instant, limit: Int) throws -> [Timer] {
        try database.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT stream, due FROM timer WHERE due <= ? ORDER BY due, stream LIMIT ?",
                arguments: [instant.millisecondsSinceEpoch, limit]
            )
            return rows.compactMap { row in
                StreamID(bytes: row["stream"] as Data).map { Timer(due: Instant(millisecondsSinceEpoch: row["due"]), stream: $0) }
            }
        }
    }

    /// A timer that was fired, or whose pathway is parked, fires no more.
    func finish(_ timer: Timer, of name: String, parked: Parked?) throws {
        try database.write { database in
            if let parked { try Self.park(parked, of: name, in: database) }
            try database.execute(
                sql: "DELETE FROM timer WHERE stream = ? AND due = ?",
                arguments: [Data(timer.stream.bytes), timer.due.millisecondsSinceEpoch]
            )
        }
    }

    private static func park(_ item: Parked, of name: String, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO parked(name, stream, position, problem) VALUES (?, ?, ?, ?)",
            arguments: [name, Data(item.stream.bytes), item.position, item.problem]
        )
    }

    /// Work that could not be done, oldest first.
    public func parked() throws -> [Parked] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT stream, position, problem FROM parked ORDER BY position").compactMap { row in
                StreamID(bytes: row["stream"] as Data).map { Parked(stream: $0, position: row["position"], problem: row["problem"]) }
            }
        }
    }
}
