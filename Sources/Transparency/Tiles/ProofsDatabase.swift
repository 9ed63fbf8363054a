import Foundation
import GRDB

/// `proofs.sqlite`: tiles, and the checkpoints issued.
enum ProofsDatabase {
    /// Opens the file; one that is no database any more is put aside as `proofs.sqlite.damaged` and begun again.
    static func open(path: String) throws -> DatabasePool {
        do {
            return try openIntact(path: path)
        } catch DatabaseError.SQLITE_CORRUPT, DatabaseError.SQLITE_NOTADB {
            try putAside(path)
        } catch let error as DatabaseError {
            throw unavailable(error)
        }
        do {
            return try openIntact(path: path)
        } catch let error as DatabaseError {
            throw unavailable(error)
        }
    }

    private static func openIntact(path: String) throws -> DatabasePool {
        var configuration = Configuration()
        configuration.label = "relais.proofs"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        // GRDB sets synchronous = NORMAL with WAL: enough for what is derived.
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { database in
            // The root stands before the hashes, so that roots are read without the overflow pages.
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS tile(number INTEGER PRIMARY KEY, root BLOB NOT NULL, hashes BLOB NOT NULL) STRICT;
                    CREATE TABLE IF NOT EXISTS progress(one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, epoch INTEGER NOT NULL) STRICT;
                    INSERT OR IGNORE INTO progress(one, size, epoch) VALUES (1, 0, 0);
                    CREATE TABLE IF NOT EXISTS checkpoint(size INTEGER PRIMARY KEY, note TEXT NOT NULL, signed_at INTEGER NOT NULL) STRICT;
                    """
            )
        }
        return pool
    }

    private static func putAside(_ path: String) throws {
        let files = FileManager.default
        do {
            for suffix in ["", "-wal", "-shm"] where files.fileExists(atPath: path + suffix) {
                let target = "\(path).damaged\(suffix)"
                if files.fileExists(atPath: target) { try files.removeItem(atPath: target) }
                try files.moveItem(atPath: path + suffix, toPath: target)
            }
        } catch {
            throw TransparencyError(.storageUnavailable, "The damaged proofs.sqlite could not be put aside: check the directory's permissions.")
        }
    }

    /// SQLite's own text is left out: it may quote values.
    static func unavailable(_ error: DatabaseError) -> TransparencyError {
        TransparencyError(.storageUnavailable, "SQLite answered \(error.extendedResultCode.rawValue) for the proofs or witness database.")
    }
}
