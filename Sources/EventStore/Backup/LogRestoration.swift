public import Timekeeping

/// Makes a data directory's log from a copy, and proves it before anything is served from it.
public struct LogRestoration: Sendable {
    /// What restoring did.
    public struct Report: Sendable, Hashable {
        /// The head of the restored log, in its new epoch.
        public var head: LogHead
        /// How long it took, in milliseconds of the time source.
        public var milliseconds: Int64
        /// How much of that went into verifying.
        public var verificationMilliseconds: Int64
    }

    private let time: TimeSource

    /// - Parameter time: what the durations are measured with.
    public init(time: TimeSource = .system) {
        self.time = time
    }

    /// Restores the log in `source` (made by ``LogBackup``, or a data directory that is not open) into `directory`, which
    /// must be empty or missing; its parent must exist. The source is not changed.
    ///
    /// Everything is recomputed before the log gets its name, and its epoch is raised beyond any that a writer of the old
    /// log can reach, so that one that comes back is fenced off from checkpoints and streams of the restored log; a replica stays one,
    /// in the epoch of its writer. A run that
    /// was interrupted leaves no log; repeat it.
    ///
    /// - Parameters:
    ///   - identity: what the log must be named; nil = whatever it is.
    ///   - progress: called from time to time with the events verified and their total.
    /// - Throws: ``EventStoreError`` `notALog`, `wrongLog`, `invalidRequest` if `directory` is not empty, `ownedByAnother` if
    ///   either is in use, `corrupted` if the copy does not verify, `schemaTooNew`, `storageUnavailable`, `diskFull`.
    public func restore(
        from source: String,
        to directory: String,
        identity: String? = nil,
        progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Report {
        let began = time.now()
        let origin = DataDirectory(path: source)
        guard origin.hasLog else { throw EventStoreError(.notALog, "There is no log to restore from: check the path.") }
        let target = DataDirectory(path: directory)
        try target.create()
        guard try DurableFile.names(in: directory).allSatisfy({ ["lock", StagingDirectory.name].contains($0) }) else {
            throw EventStoreError(.invalidRequest, "The directory to restore into is not empty: nothing is overwritten; choose another.")
        }
        let locks = try [DirectoryLock(directory: directory), Self.lock(source)]
        defer { withExtendedLifetime(locks) {} }
        let staging = StagingDirectory(in: directory)
        try staging.remove()
        try staging.create()
        do {
            // What SQLite has not yet moved into the database file belongs to it.
            for suffix in ["", "-wal", "-journal"] where DurableFile.exists(origin.log + suffix) {
                try DurableFile.copy(origin.log + suffix, to: staging.directory.log + suffix)
            }
            let (head, milliseconds) = try settle(staging.directory, identity, progress)
            try DurableFile.sync(staging.directory.log)
            try staging.publish()
            return Report(head: head, milliseconds: time.now().milliseconds(since: began), verificationMilliseconds: milliseconds)
        } catch {
            // What is left would be cleared by the next run, too: the first error is the one to tell.
            try? staging.remove()
            throw error
        }
    }

    /// Takes in what the copy's journals hold, verifies everything and raises the epoch; the file is closed when it returns.
    private func settle(_ directory: DataDirectory, _ identity: String?, _ progress: (Int64, Int64) -> Void) throws -> (LogHead, Int64) {
        let connection = try Connection(path: directory.log, access: .writing)
        let found = try Schema.check(on: connection)
        guard identity == nil || identity == found else {
            throw EventStoreError(.wrongLog, "The copy is of the log \(found), not of \(identity ?? "another"): check the path.")
        }
        try Durability.demand(of: connection)
        try Durability.check(on: connection)
        try Schema.migrate(connection)
        let reader = try SQLiteEventReader(directory: directory, sealer: PlainSealer(), watch: .polling {})
        let began = time.now()
        let report = try reader.verify(progress: progress)
        let milliseconds = time.now().milliseconds(since: began)
        guard report.isSound else {
            let first = report.problems.first.map { "; \($0)" } ?? ""
            throw EventStoreError(.corrupted, "The copy does not verify (\(report.problemCount) problems\(first)): restore another one.")
        }
        // A replica's epoch is its writer's.
        if try StoredRole.read(on: connection)?.role != .replica { _ = try StoredHead.raiseEpochForRestoration(on: connection) }
        let head = try reader.head()
        reader.close()
        try connection.truncateWriteAheadLog()
        return (head, milliseconds)
    }

    /// Keeps a data directory from being opened while it is copied; a medium that cannot be written to needs no lock.
    private static func lock(_ directory: String) throws -> DirectoryLock? {
        do {
            return try DirectoryLock(directory: directory)
        } catch EventStoreError.Code.storageUnavailable {
            return nil
        }
    }
}
