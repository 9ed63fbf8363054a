import Timekeeping

/// Opens a log's file for its writer: at the start, and again whenever the disk failed.
struct SessionOpener: Sendable {
    /// The writer's connection, and the checkpointer that watches it.
    struct Opened {
        let session: WriterSession
        let checkpointer: Checkpointer
    }

    private static let cacheKibibytes = 24_576
    /// Milliseconds an attempt to resume waits for readers to let go of an old snapshot; appends are refused meanwhile
    /// anyway, and the next attempt comes soon.
    private static let resumeTimeout: Int32 = 1000

    let directory: DataDirectory
    let identity: String
    let time: TimeSource
    /// What the log is opened as.
    var role: LogRole

    /// The first opening: makes what is missing, and takes the log over from any earlier writer.
    ///
    /// - Parameter beforeCheck: what a test does to the connection between setting it up and reading its settings back.
    func open(beforeCheck: (Connection) throws -> Void) throws -> Opened {
        let connection = try connect(beforeCheck)
        // An empty file is a log whose creation was interrupted.
        if try connection.integer("SELECT count(*) FROM sqlite_schema") == 0 {
            try Schema.create(on: connection, identity: identity, role: role)
        }
        try checkIdentity(on: connection)
        try checkRole(on: connection)
        try Schema.migrate(connection)
        do {
            // The process before may have ended because a sync failed: see `reopen`.
            try connection.truncateWriteAheadLog()
        } catch let error as EventStoreError where error.isLockConflict {
            // Only a reader of another process is in the way. Nothing says that a sync ever failed: go on.
        }
        let epoch = role == .replica ? try StoredHead.rewrite(on: connection) : try StoredHead.raiseEpoch(on: connection)
        return try watched(WriterSession(connection: connection, time: time, epoch: epoch, role: role))
    }

    /// Opens anew after a failure, all connections of the failed writer being released.
    ///
    /// After a failed fsync the kernel may take the pages it could not write for clean: the next fsync succeeds and
    /// writes nothing. Frames in the write-ahead log that readers see may then never have reached the disk, and since
    /// recovery after a power loss stops at the first frame that is not whole, every later commit would be lost with
    /// them. So before anything is accepted all frames are written once more, into the database file, that file is
    /// synced, and the log starts over from its beginning.
    ///
    /// - Throws: ``EventStoreError``; whether to try again is for ``Recovery`` to say.
    func reopen(after point: inout ResumePoint) throws -> Opened {
        try directory.checkRoom()
        let connection = try connect { _ in }
        connection.setBusyTimeout(milliseconds: Self.resumeTimeout)
        try checkIdentity(on: connection)
        // A promotion that failed half-way may turn out to be kept; then the log is to be opened anew as what it is.
        try checkRole(on: connection)
        try connection.truncateWriteAheadLog()
        try point.check(on: connection)
        // Raising the epoch is also the proof that a commit reaches the disk again.
        let epoch =
            role == .replica
            ? try StoredHead.rewrite(on: connection) : try StoredHead.raiseEpoch(on: connection) { point.willRaise(from: $0) }
        let opened = try watched(WriterSession(connection: connection, time: time, epoch: epoch, role: role))
        connection.setBusyTimeout(milliseconds: Connection.busyTimeout)
        return opened
    }

    private func connect(_ beforeCheck: (Connection) throws -> Void) throws -> Connection {
        let connection = try Connection(path: directory.log, access: .writing)
        try Durability.demand(of: connection)
        try beforeCheck(connection)
        try Durability.check(on: connection)
        try connection.execute(
            """
            PRAGMA cache_size = -\(Self.cacheKibibytes); PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = ON;
            PRAGMA journal_size_limit = 67108864
            """
        )
        return connection
    }

    private func checkIdentity(on connection: Connection) throws {
        let found = try Schema.check(on: connection)
        guard found == identity else {
            throw EventStoreError(.wrongLog, "The directory holds the log of \(found), not of \(identity).")
        }
    }

    /// - Throws: ``EventStoreError`` `notPromoted` or `notAReplica` if the log is not what it is opened as.
    private func checkRole(on connection: Connection) throws {
        let found = try StoredRole.read(on: connection)?.role ?? .writer
        switch (role, found) {
        case (.writer, .replica):
            throw EventStoreError(
                .notPromoted,
                "The directory holds a replica of a log that is written elsewhere: open it as a replica, or promote it if its writer is gone."
            )
        case (.replica, .writer):
            throw EventStoreError(
                .notAReplica,
                "The directory holds a log that is written here: demote it before it follows another writer, which sets aside what only it has."
            )
        case (.writer, .writer), (.replica, .replica): break
        }
    }

    private func watched(_ session: WriterSession) throws -> Opened {
        let checkpointer = Checkpointer(path: directory.log)
        try checkpointer.watch(session.connection)
        return Opened(session: session, checkpointer: checkpointer)
    }
}
