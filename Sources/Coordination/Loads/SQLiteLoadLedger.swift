import EventStore
import Foundation
import GRDB
import Synchronization

/// A ledger that keeps its count in `reactors.sqlite`, with a position of its own: a restart counts only what is new. Ids and RPPS numbers,
/// nothing about a patient. Losing it costs one reading of the log.
public final class SQLiteLoadLedger: LoadLedger {
    private let store: SQLiteReactorStore
    private let loader: StateLoader
    /// Nil until the file was read.
    private let tally = Mutex<LoadTally?>(nil)

    /// - Parameter loader: of the log that is counted.
    public init(store: SQLiteReactorStore, loader: StateLoader) {
        self.store = store
        self.loader = loader
    }

    static func registerMigrations(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("loads-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE load_position(id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL) STRICT;
                    CREATE TABLE load_holding(follow_up TEXT PRIMARY KEY, stream BLOB NOT NULL, rpps TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE INDEX load_holding_of_stream ON load_holding(stream);
                    """
            )
        }
    }

    public func loads() throws -> Loads {
        try tally.withLock { kept in
            var tally = try kept ?? begin()
            // What was kept of a page that failed afterwards is counted again: the same changes, to the same end.
            try tally.catchUp(with: loader, keep: keep)
            kept = tally
            return tally.loads
        }
    }

    /// What was counted before; nothing if the log is shorter than that, and so another one.
    private func begin() throws -> LoadTally {
        let head = try loader.reader.head().position
        return try store.database.write { database in
            let position = try Int64.fetchOne(database, sql: "SELECT position FROM load_position") ?? 0
            guard position <= head else {
                try database.execute(sql: "DELETE FROM load_holding; DELETE FROM load_position;")
                return LoadTally()
            }
            let rows = try Row.fetchAll(database, sql: "SELECT follow_up, stream, rpps FROM load_holding")
            let holdings = rows.compactMap { row in
                StreamID(bytes: row["stream"] as Data).map { LoadTally.Holding(followUp: row["follow_up"], stream: $0, rpps: row["rpps"]) }
            }
            return LoadTally(position: position, holdings: holdings)
        }
    }

    /// A page that changes nothing is not worth a commit: its position is kept with the next one that does.
    private func keep(_ changes: [LoadTally.Change], upTo position: Int64) throws {
        if changes.isEmpty { return }
        try store.database.write { database in
            for change in changes { try Self.keep(change, in: database) }
            try database.execute(sql: "INSERT OR REPLACE INTO load_position(id, position) VALUES (1, ?)", arguments: [position])
        }
    }

    private static func keep(_ change: LoadTally.Change, in database: Database) throws {
        switch change {
        case .taken(let holding):
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO load_holding(follow_up, stream, rpps) VALUES (?, ?, ?)")
                .execute(arguments: [holding.followUp, Data(holding.stream.bytes), holding.rpps])
        case .ended(let followUp):
            try database.cachedStatement(sql: "DELETE FROM load_holding WHERE follow_up = ?").execute(arguments: [followUp])
        case .erased(let stream):
            try database.cachedStatement(sql: "DELETE FROM load_holding WHERE stream = ?").execute(arguments: [Data(stream.bytes)])
        }
    }
}
