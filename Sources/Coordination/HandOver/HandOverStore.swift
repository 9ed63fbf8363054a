public import EventStore
import Foundation
import GRDB

/// What the hand-over of one territory must remember across restarts, in its `reactors.sqlite`: how far it has read, which pathways a
/// patient has, and which wait. Stream ids only. Losing it costs a second run whose keys recognise what is done, never a loss.
public final class HandOverStore: Sendable {
    /// A pathway that could not be handed over yet.
    public struct Waiting: Hashable, Sendable {
        public let pathway: StreamID
        /// Up to where the log was read when it was tried last.
        public let position: Int64
        public let problem: String
    }

    private let database: DatabaseQueue

    /// Opens the file or makes it; one that is damaged is set aside and begun anew.
    ///
    /// - Parameter report: is told, in words for operators, that a damaged file was set aside.
    /// - Throws: what SQLite says if the file cannot be opened or made.
    public init(path: String, report: (String) -> Void = { _ in }) throws {
        database = try ReactorsDatabase.open(path, report)
    }

    static func registerMigrations(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("hand-over-1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE hand_over_checkpoint(
                        id INTEGER PRIMARY KEY CHECK (id = 1), position INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
                    CREATE TABLE hand_over_pathway(pathway BLOB PRIMARY KEY, patient BLOB NOT NULL) STRICT, WITHOUT ROWID;
                    CREATE INDEX hand_over_pathway_of_patient ON hand_over_pathway(patient);
                    CREATE TABLE hand_over_waiting(
                        pathway BLOB PRIMARY KEY, position INTEGER NOT NULL, problem TEXT NOT NULL) STRICT, WITHOUT ROWID;
                    """
            )
        }
    }

    /// What waits, oldest first.
    public func waiting() throws -> [Waiting] {
        try database.snapshot { database in
            let rows = try Row.fetchAll(database, sql: "SELECT pathway, position, problem FROM hand_over_waiting ORDER BY position, pathway")
            return rows.compactMap { row in
                StreamID(bytes: row["pathway"] as Data).map { Waiting(pathway: $0, position: row["position"], problem: row["problem"]) }
            }
        }
    }

    func checkpoint() throws -> FollowerCheckpoint {
        try database.snapshot { database in try Self.checkpoint(database) ?? .start }
    }

    func pathways(of patients: Set<StreamID>) throws -> [StreamID] {
        if patients.isEmpty { return [] }
        return try database.snapshot { database in
            let find = try database.cachedStatement(sql: "SELECT pathway FROM hand_over_pathway WHERE patient = ?")
            return try patients.flatMap { patient in
                try Data.fetchAll(find, arguments: [Data(patient.bytes)]).compactMap { StreamID(bytes: $0) }
            }
        }
    }

    /// Moves the checkpoint, in one transaction with what was learned; nothing if a later epoch holds it.
    /// - Parameter links: the patient of each pathway.
    func advance(to checkpoint: FollowerCheckpoint, links: [StreamID: StreamID], waiting: [Waiting]) throws {
        try database.write { database in
            if let saved = try Self.checkpoint(database), !checkpoint.mayReplace(saved) { return }
            let link = try database.cachedStatement(sql: "INSERT OR REPLACE INTO hand_over_pathway(pathway, patient) VALUES (?, ?)")
            for (pathway, patient) in links { try link.execute(arguments: [Data(pathway.bytes), Data(patient.bytes)]) }
            for item in waiting {
                try database.execute(
                    sql: "INSERT OR REPLACE INTO hand_over_waiting(pathway, position, problem) VALUES (?, ?, ?)",
                    arguments: [Data(item.pathway.bytes), item.position, item.problem]
                )
            }
            try database.execute(
                sql: "INSERT OR REPLACE INTO hand_over_checkpoint(id, position, epoch) VALUES (1, ?, ?)",
                arguments: [checkpoint.position, checkpoint.epoch]
            )
        }
    }

    /// Waits no more, unless it was put to wait anew meanwhile.
    func finish(_ item: Waiting) throws {
        try database.write { database in
            try database.execute(
                sql: "DELETE FROM hand_over_waiting WHERE pathway = ? AND position = ?",
                arguments: [Data(item.pathway.bytes), item.position]
            )
        }
    }

    private static func checkpoint(_ database: Database) throws -> FollowerCheckpoint? {
        let row = try Row.fetchOne(database, sql: "SELECT position, epoch FROM hand_over_checkpoint WHERE id = 1")
        return row.map { FollowerCheckpoint(position: $0["position"], epoch: $0["epoch"]) }
    }
}
