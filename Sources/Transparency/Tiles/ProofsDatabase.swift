import EventStore
import GRDB

/// `proofs.sqlite`: tiles, and the checkpoints issued.
enum ProofsDatabase {
    /// Opens the file; one that is no database any more is put aside as `proofs.sqlite.damaged` and begun again. Where nothing may be
    /// written, what is there is read into a temporary database, in which proofs are made and which goes with the process.
    ///
    /// - Parameter report: is told, in words for operators, what is not as it should be.
    static func open(path: String, report: (String) -> Void = { _ in }) throws -> any DatabaseWriter {
        do {
            return try openIntact(path: path)
        } catch let error as DatabaseError where DamagedFile.isDamage(error.extendedResultCode.rawValue) {
            try putAside(path)
            report("proofs.sqlite was damaged, kept as proofs.sqlite\(DamagedFile.suffix) and begun anew: proofs are derived from the log again")
        } catch let error as DatabaseError where isReadOnly(error) {
            report("proofs.sqlite cannot be written, so what is proven and signed now is not kept")
            return try openTemporary(copying: path)
        } catch let error as DatabaseError {
            throw unavailable(error)
        }
        do {
            return try openIntact(path: path)
        } catch let error as DatabaseError {
            throw unavailable(error)
        }
    }

    private static func openIntact(path: String) throws -> any DatabaseWriter {
        // GRDB sets synchronous = NORMAL with WAL: enough for what is derived.
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write(prepare)
        return pool
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "relais.proofs"
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        return configuration
    }

    private static func prepare(_ database: Database) throws {
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

    // MARK: Where nothing may be written

    private static func isReadOnly(_ error: DatabaseError) -> Bool {
        [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode)
    }

    private static func openTemporary(copying path: String) throws -> any DatabaseWriter {
        do {
            // To SQLite an empty path is a file of its own that has no name, and is gone when it is closed.
            let temporary = try DatabaseQueue(path: "", configuration: configuration)
            // Without what is there proofs can be made all the same: from the log alone.
            if let present = try? openForReading(path) { try? present.backup(to: temporary) }
            try temporary.write(prepare)
            return temporary
        } catch let error as DatabaseError {
            throw unavailable(error)
        }
    }

    private static func openForReading(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            // Opening reads nothing yet.
            _ = try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA schema_version") }
            return queue
        } catch let error as DatabaseError {
            guard StillFile.isRefusal(error.extendedResultCode.rawValue), let uri = StillFile.uri(of: path) else { throw error }
            return try DatabaseQueue(path: uri, configuration: configuration)
        }
    }

    // MARK: Errors

    private static func putAside(_ path: String) throws {
        do {
            _ = try DamagedFile.setAside(path)
        } catch {
            throw TransparencyError(.storageUnavailable, "The damaged proofs.sqlite could not be put aside: check the directory's permissions.")
        }
    }

    /// SQLite's own text is left out: it may quote values.
    static func unavailable(_ error: DatabaseError) -> TransparencyError {
        TransparencyError(.storageUnavailable, "SQLite answered \(error.extendedResultCode.rawValue) for the proofs or witness database.")
    }
}
