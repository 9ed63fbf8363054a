public import EventStore
import Foundation
import GRDB
public import Timekeeping

/// Timers in `reactors.sqlite`: stream ids, instants, versions.
public struct SQLiteDeadlineStore: DeadlineStore {
    private let store: SQLiteReactorStore

    public init(store: SQLiteReactorStore) { self.store = store }

    /// Timers of before were set without a version: any version replaces them.
    static func registerMigrations(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("deadlines-1") { database in
            try database.execute(sql: "ALTER TABLE timer ADD COLUMN version INTEGER NOT NULL DEFAULT 0")
        }
    }

    public func set(_ due: Instant?, for stream: StreamID, asOf version: Int64) throws {
        // Most pathways have no timer and need none: that costs a read.
        if try isSettled(stream, at: due, asOf: version) { return }
        try store.database.write { database in
            guard let due else {
                return try database.execute(
                    sql: "DELETE FROM timer WHERE stream = ? AND version <= ?",
                    arguments: [Data(stream.bytes), version]
                )
            }
            try database.execute(
                sql: """
                    INSERT INTO timer(stream, due, version) VALUES (?, ?, ?)
                    ON CONFLICT(stream) DO UPDATE SET due = excluded.due, version = excluded.version WHERE excluded.version >= timer.version
                    """,
                arguments: [Data(stream.bytes), due.millisecondsSinceEpoch, version]
            )
        }
    }

    private func isSettled(_ stream: StreamID, at due: Instant?, asOf version: Int64) throws -> Bool {
        let row = try store.database.snapshot { database in
            try Row.fetchOne(database, sql: "SELECT due, version FROM timer WHERE stream = ?", arguments: [Data(stream.bytes)])
        }
        guard let row else { return due == nil }
        let present: Int64 = row["version"]
        return present > version || present == version && row["due"] == due?.millisecondsSinceEpoch
    }

    public func replace(_ timer: PathwayTimer, by due: Instant?, asOf version: Int64) throws {
        let condition = "WHERE stream = ? AND due = ? AND version = ?"
        let key: StatementArguments = [Data(timer.stream.bytes), timer.due.millisecondsSinceEpoch, timer.version]
        try store.database.write { database in
            guard let due else { return try database.execute(sql: "DELETE FROM timer \(condition)", arguments: key) }
            try database.execute(
                sql: "UPDATE timer SET due = ?, version = ? \(condition)",
                arguments: [due.millisecondsSinceEpoch, version] + key
            )
        }
    }

    public func due(at instant: Instant, limit: Int, excluding excluded: Set<StreamID>) throws -> [PathwayTimer] {
        try store.database.snapshot { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT stream, due, version FROM timer WHERE due <= ? ORDER BY due, stream LIMIT ?",
                arguments: [instant.millisecondsSinceEpoch, limit + excluded.count]
            )
            return Array(rows.compactMap(PathwayTimer.init(row:)).filter { !excluded.contains($0.stream) }.prefix(limit))
        }
    }

    public func timers(after stream: StreamID?, limit: Int) throws -> [PathwayTimer] {
        try store.database.snapshot { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT stream, due, version FROM timer WHERE stream > ? ORDER BY stream LIMIT ?",
                arguments: [Data(stream?.bytes ?? []), limit]
            )
            return rows.compactMap(PathwayTimer.init(row:))
        }
    }

    public func next() throws -> Instant? {
        try store.database.snapshot { try Int64.fetchOne($0, sql: "SELECT min(due) FROM timer") }.map { Instant(millisecondsSinceEpoch: $0) }
    }

    public func ringAll(at instant: Instant) throws {
        try store.database.write { database in
            try database.execute(sql: "UPDATE timer SET due = ?1 WHERE due > ?1", arguments: [instant.millisecondsSinceEpoch])
        }
    }
}

extension PathwayTimer {
    /// Nil if the row holds no stream id.
    fileprivate init?(row: Row) {
        guard let stream = StreamID(bytes: row["stream"] as Data) else { return nil }
        self.init(stream: stream, due: Instant(millisecondsSinceEpoch: row["due"]), version: row["version"])
    }
}
