import GRDBSQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where the read models live, and what the file must be like. It can be thrown away: all of it is made from the log.
struct ViewFile: Sendable {
    /// Raised when the bookkeeping tables change; a file of another layout is made anew.
    static let layout: Int64 = 3

    private static let cacheKibibytes = 40_960

    /// Pages in the write-ahead log that are brought into the file.
    enum Checkpoints: Int {
        case following = 8_192
        case building = 65_536
    }

    let path: String

    init(directory: String) {
        path = "\(directory)/views.sqlite"
    }

    var exists: Bool { access(path, F_OK) == 0 }

    /// Opens the file for its one writer, making it anew if it is missing, damaged or of another layout.
    func openForWriting(logIdentity: String) throws(ViewError) -> ViewConnection {
        do {
            let connection = try configured()
            if try isOurs(connection, logIdentity) { return connection }
        } catch  where error.isBroken {
            // Falls through: a damaged file is worth nothing.
        }
        for suffix in ["", "-wal", "-shm"] { unlink(path + suffix) }
        let connection = try configured()
        for sql in Self.bookkeeping { try connection.execute(sql) }
        let insert = try connection.statement("INSERT INTO origin(one, log) VALUES (1, ?1)")
        insert.bind(1, logIdentity)
        try insert.run()
        try connection.execute("PRAGMA user_version = \(Self.layout)")
        return connection
    }

    private func configured() throws(ViewError) -> ViewConnection {
        // What the views hold is about patients: only their owner may read them. SQLite gives its side files the same mode. Only a file that
        // is new is opened here: closing one that SQLite has open would release this process's locks on it, and the next program that
        // reads the views would take itself for the last and delete their WAL.
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file >= 0 { close(file) }
        let connection = try ViewConnection(path: path, access: .writing)
        // Freed space is overwritten: what was erased must not be found in it. NORMAL may lose the last pages on a power cut, never the file's coherence: they are made again from the log.
        try connection.execute(
            """
            PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -\(Self.cacheKibibytes);
            PRAGMA wal_autocheckpoint = \(Checkpoints.following.rawValue); PRAGMA journal_size_limit = 67108864
            """
        )
        return connection
    }

    private func isOurs(_ connection: ViewConnection, _ logIdentity: String) throws(ViewError) -> Bool {
        let version = try ViewStatement("PRAGMA user_version", on: connection)
        guard try version.step(), version.int64(0) == Self.layout else { return false }
        let origin = try ViewStatement("SELECT log FROM origin", on: connection)
        return try origin.step() && origin.string(0) == logIdentity
    }

    private static let bookkeeping = [
        "CREATE TABLE origin(one INTEGER PRIMARY KEY CHECK (one = 1), log TEXT NOT NULL) STRICT",
        // What stands for streams everywhere else. A row stays when its stream is erased: others may name it, and the log keeps the id.
        "CREATE TABLE stream(number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE CHECK (length(id) = 16)) STRICT",
        // A projection has one live generation of tables; beside it stand those that are being built and those that are kept.
        """
        CREATE TABLE projection(
            name TEXT NOT NULL,
            generation INTEGER NOT NULL,
            version INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('live', 'kept', 'building')),
            position INTEGER NOT NULL,
            leaf BLOB,
            epoch INTEGER NOT NULL,
            PRIMARY KEY (name, generation)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE parked(
            projection TEXT NOT NULL,
            generation INTEGER NOT NULL,
            position INTEGER NOT NULL,
            stream INTEGER NOT NULL REFERENCES stream,
            type TEXT NOT NULL,
            problem TEXT NOT NULL,
            PRIMARY KEY (projection, generation, position)
        ) STRICT, WITHOUT ROWID
        """,
    ]
}
