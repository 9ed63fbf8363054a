public import EventStore
import Foundation
import GRDB
import Synchronization

/// The full tiles of a log, kept in `proofs.sqlite` so that proofs need not read the log from its start.
///
/// All of it is derived: lost or damaged, it is built again from the log's leaf hashes. Partial tiles are not kept.
public final class TileStore: Sendable {
    let database: any DatabaseWriter
    private let log: any EventReader
    private let covered: Mutex<Int64>

    /// Full tiles of leaves added in one transaction.
    private static let tilesPerTransaction: Int64 = 64

    /// Opens the store, creating it where it is missing or not a database any more. Where nothing may be written, what is made is kept
    /// until the store goes.
    ///
    /// - Parameters:
    ///   - path: path of `proofs.sqlite`; its folder must exist.
    ///   - log: the log whose tiles these are.
    ///   - report: is told, in words for operators, that a damaged file was put aside.
    /// - Throws: ``TransparencyError`` `storageUnavailable`.
    public init(path: String, log: any EventReader, report: (String) -> Void = { _ in }) throws {
        self.log = log
        database = try ProofsDatabase.open(path: path, report: report)
        let reached = try Self.guarded { [database] in try database.read { try Self.progress(in: $0).position } }
        // A file that says what cannot be is worth nothing: the tiles are made again.
        let isPossible = 0...(try log.head().position) ~= reached && reached % TileID.fullWidth == 0
        if !isPossible {
            try Self.guarded { [database] in
                try database.write { database in
                    try database.execute(sql: "DELETE FROM tile; UPDATE progress SET size = 0, epoch = 0 WHERE one = 1")
                }
            }
        }
        covered = Mutex(isPossible ? reached : 0)
    }

    /// Leaves that full tiles of leaves cover.
    public var size: Int64 { covered.withLock { $0 } }

    // MARK: Building

    /// Adds the full tiles that the log's first `size` leaves give, a few in each transaction.
    ///
    /// - Parameter epoch: of the log's writer; nil leaves the one that is stored.
    /// - Throws: ``EventStoreError`` from the log, `ownedByAnother` if a later epoch has built here; ``TransparencyError``
    ///   `storageUnavailable`; `CancellationError`.
    public func catchUp(to size: Int64, epoch: Int64? = nil) throws {
        while self.size + TileID.fullWidth <= size {
            try Task.checkCancellation()
            try addTiles(upTo: size, epoch)
        }
    }

    private func addTiles(upTo size: Int64, _ epoch: Int64?) throws {
        let start = self.size
        let count = min((size - start) / TileID.fullWidth, Self.tilesPerTransaction) * TileID.fullWidth
        let leaves = try log.leafHashes(after: start, limit: Int(count))
        let added = Int64(leaves.count) / TileID.fullWidth * TileID.fullWidth
        guard added > 0 else {
            throw TransparencyError(.beyondLog, "The log has fewer than \(size) events: it was cut off or restored.")
        }
        let end = try Self.guarded {
            try database.write { database in
                let progress = try Self.progress(in: database)
                if let epoch, epoch < progress.epoch {
                    throw EventStoreError(.ownedByAnother, "The tiles are built by epoch \(progress.epoch); this is \(epoch): stop it.")
                }
                // Another task may have been here since.
                guard progress.position == start else { return progress.position }
                for offset in stride(from: 0, to: Int(added), by: Int(TileID.fullWidth)) {
                    let tile = TileHashes(Array(leaves[offset..<offset + Int(TileID.fullWidth)]))
                    try Self.insert(tile, level: 0, index: (start + Int64(offset)) / TileID.fullWidth, in: database)
                }
                try database.execute(
                    sql: "UPDATE progress SET size = ?, epoch = max(epoch, ?) WHERE one = 1",
                    arguments: [start + added, epoch ?? 0]
                )
                return start + added
            }
        }
        covered.withLock { $0 = end }
    }

    /// Inserts a full tile, and those above that become full with it.
    private static func insert(_ tile: TileHashes, level: Int, index: Int64, in database: Database) throws {
        try put(tile, level: level, index: index, in: database)
        guard index % TileID.fullWidth == TileID.fullWidth - 1, level < TileID.highestLevel else { return }
        let first = index - (TileID.fullWidth - 1)
        let roots = try roots(level: level, indexes: first...index, in: database)
        guard roots.count == TileID.fullWidth else { return }
        try insert(TileHashes(roots), level: level + 1, index: index / TileID.fullWidth, in: database)
    }

    private static func put(_ tile: TileHashes, level: Int, index: Int64, in database: Database) throws {
        guard let root = tile.root else { return }
        try database.cachedStatement(sql: "INSERT OR REPLACE INTO tile(number, root, hashes) VALUES (?, ?, ?)")
            .execute(arguments: [number(level, index), Data(root.bytes), Data(tile.bytes)])
    }

    // MARK: Reading

    /// A full tile whose hashes give the root kept with it; nil if there is none.
    func tile(level: Int, index: Int64) throws -> TileHashes? {
        let row = try reading { database in
            try Row.fetchOne(database, sql: "SELECT root, hashes FROM tile WHERE number = ?", arguments: [Self.number(level, index)])
        }
        guard let row, let bytes = row["hashes"] as Data?, let tile = TileHashes(bytes: Array(bytes)), let root = row["root"] as Data?,
            tile.root?.bytes == Array(root)
        else { return nil }
        return tile
    }

    /// The roots of full tiles; fewer if one is missing.
    func roots(level: Int, indexes: ClosedRange<Int64>) throws -> [Hash256] {
        try reading { try Self.roots(level: level, indexes: indexes, in: $0) } ?? []
    }

    private static func roots(level: Int, indexes: ClosedRange<Int64>, in database: Database) throws -> [Hash256] {
        let rows = try Data.fetchCursor(
            database.cachedStatement(sql: "SELECT root FROM tile WHERE number BETWEEN ? AND ? ORDER BY number"),
            arguments: [number(level, indexes.lowerBound), number(level, indexes.upperBound)]
        )
        var roots: [Hash256] = []
        while let root = try rows.next() {
            guard let hash = Hash256(bytes: root) else { return [] }
            roots.append(hash)
        }
        return roots
    }

    /// Puts right a tile that was found wrong or missing.
    func repair(_ tile: TileHashes, level: Int, index: Int64) throws {
        try Self.guarded { try database.write { try Self.put(tile, level: level, index: index, in: $0) } }
    }

    /// Forgets all tiles: they are built anew.
    func removeAll() throws {
        try Self.guarded {
            try database.write { database in
                try database.execute(sql: "DELETE FROM tile")
                try database.execute(sql: "UPDATE progress SET size = 0 WHERE one = 1")
            }
        }
        covered.withLock { $0 = 0 }
    }

    // MARK: Progress

    /// How far tiles were built, and under which epoch of the log.
    func progress() throws -> FollowerCheckpoint {
        try Self.guarded { try database.read { try Self.progress(in: $0) } }
    }

    private static func progress(in database: Database) throws -> FollowerCheckpoint {
        guard let row = try Row.fetchOne(database, sql: "SELECT size, epoch FROM progress WHERE one = 1") else { return .start }
        return FollowerCheckpoint(position: row["size"], epoch: row["epoch"])
    }

    // MARK: Errors

    /// What cannot be read because the file is damaged counts as missing: it is computed from the log.
    private func reading<Value>(_ body: (Database) throws -> Value?) throws -> Value? {
        do {
            return try database.read(body)
        } catch DatabaseError.SQLITE_CORRUPT, DatabaseError.SQLITE_NOTADB {
            return nil
        } catch let error as DatabaseError {
            throw ProofsDatabase.unavailable(error)
        }
    }

    private static func guarded<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw ProofsDatabase.unavailable(error)
        }
    }

    /// One key for level and index: an index has at most 55 bits.
    private static func number(_ level: Int, _ index: Int64) -> Int64 {
        Int64(level) << 56 | index
    }
}
