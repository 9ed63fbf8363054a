public import Timekeeping

/// Makes a replica of a log whose writer was replaced, and sets aside what only it has.
///
/// Rows of a log are never deleted: a new log is put together beside it from what both writers have, verified as a whole, and given the
/// name in one step; the old one stays beside it under another, until somebody deletes it. A run that is killed leaves the old log or the
/// new one; repeat it.
public struct LogDemotion: Sendable {
    /// What a demotion did.
    public struct Report: Sendable, Hashable {
        /// Of the replica.
        public var head: LogHead
        /// What was set aside; nil if there was nothing.
        public var tail: LogTail.Summary?
        /// Path of the log as it was, which holds patients' data, sealed, and is to be deleted once the tail was dealt with; nil if the log
        /// could stay where it was, or an earlier run replaced it.
        public var replaced: String?
    }

    /// Where a run can be interrupted; for tests.
    enum Step: CaseIterable, Sendable {
        case begun, tailWritten, copied, verified, kept, published
    }

    /// That a new log stands ready.
    private struct Built {
        var tail: LogTail.Summary?
    }

    private let directory: DataDirectory
    private let time: TimeSource
    private let reach: @Sendable (Step) throws -> Void

    /// - Parameters:
    ///   - directory: the data directory, which nobody may have open.
    ///   - time: gives the name of the old log.
    public init(of directory: String, time: TimeSource = .system) {
        self.init(of: directory, time: time) { _ in }
    }

    init(of directory: String, time: TimeSource, reach: @escaping @Sendable (Step) throws -> Void) {
        self.directory = DataDirectory(path: directory)
        self.time = time
        self.reach = reach
    }

    /// Cuts the log off after the last position that both writers have, and makes it a replica that can follow the new one.
    ///
    /// - Parameters:
    ///   - position: the last that both have, at most the log's own.
    ///   - command: number of the last command that both have (``LogCursor``), as what was published tells; nil = all that are about events
    ///     through `position`.
    ///   - rootHash: of the other log at `position`: proves that all before is common; nil = taken on trust.
    ///   - epoch: what the replica is to be of: that of the batch that ends at `position`, or a later one. What it follows must not be older.
    ///   - path: where the tail goes; if it is there already from an interrupted run, it must be the same.
    ///   - progress: called from time to time with the events verified and their total.
    /// - Throws: ``EventStoreError`` `forked` if the logs differ before `position`, `invalidRequest` if the log ends before it or there is
    ///   another file at `path`, `ownedByAnother` or `storageUnavailable` if the log is in use, `corrupted` if the log does not verify,
    ///   `notALog`, `diskFull`.
    public func setAsideTail(
        after position: Int64,
        command: Int64? = nil,
        rootHash: Hash256? = nil,
        epoch: Int64,
        to path: String,
        progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> Report {
        guard directory.hasLog else { throw EventStoreError(.notALog, "There is no log to set a tail aside from: check the path.") }
        guard 0..<Int64.max - StoredHead.restorationStep ~= epoch, position >= 0 else {
            throw EventStoreError(.invalidRequest, "A log's tail cannot begin after position \(position), nor a replica be of epoch \(epoch).")
        }
        let lock = try DirectoryLock(directory: directory.path)
        defer { withExtendedLifetime(lock) {} }
        let staging = StagingDirectory(in: directory.path)
        try staging.remove()
        try removeSecondNames()
        try reach(.begun)

        guard let built = try build(in: staging, LogCut(position: position, command: command, rootHash: rootHash, epoch: epoch), path) else {
            return try Report(head: head(), tail: earlierTail(path, after: position), replaced: nil)
        }
        try reach(.copied)
        try verify(staging.directory, progress)
        try DurableFile.sync(staging.directory.log)
        try reach(.verified)
        let replaced = "\(directory.log).before-\(time.now().millisecondsSinceEpoch)"
        try DurableFile.link(directory.log, to: replaced)
        try DurableFile.sync(directory.path)
        try reach(.kept)
        try staging.publish()
        try reach(.published)
        return try Report(head: head(), tail: built.tail, replaced: replaced)
    }

    /// Writes tail and copy, and lets go of the log, all of it in its one file.
    ///
    /// - Returns: nil if the log could be made a replica as it is.
    private func build(in staging: StagingDirectory, _ cut: LogCut, _ path: String) throws -> Built? {
        let connection = try Connection(path: directory.log, access: .writing)
        try Durability.demand(of: connection)
        try Durability.check(on: connection)
        let identity = try Schema.check(on: connection)
        try Schema.migrate(connection)
        let surplus = try TailSource(connection, identity: identity, cut)
        if surplus.isEmpty, surplus.head.epoch <= cut.epoch {
            try connection.transaction { try Schema.becomeReplica(on: connection) }
            return nil
        }
        var tail: LogTail.Summary?
        if !surplus.isEmpty {
            if !DurableFile.exists(path) { try surplus.write(to: path) }
            let written = try LogTail.read(path)
            guard surplus.isWhole(written) else {
                throw EventStoreError(.invalidRequest, "There is another file where the log's tail should go: choose another path.")
            }
            tail = written
        }
        try reach(.tailWritten)
        try staging.create()
        try surplus.copyBeginning(to: staging.directory)
        // Only granted if nobody else has the file open, and leaves nothing beside it that the new log could be taken together with.
        guard try connection.text("PRAGMA journal_mode = DELETE") == "delete" else {
            throw EventStoreError(.storageUnavailable, "The log is being read by others: end them, then repeat.")
        }
        return Built(tail: tail)
    }

    private func verify(_ copy: DataDirectory, _ progress: (Int64, Int64) -> Void) throws {
        let reader = try SQLiteEventReader(directory: copy, sealer: PlainSealer(), watch: .polling {})
        defer { reader.close() }
        let report = try reader.verify(progress: progress)
        guard report.isSound else {
            let first = report.problems.first.map { "; \($0)" } ?? ""
            throw EventStoreError(.corrupted, "What both writers have does not verify (\(report.problemCount) problems\(first)): verify the log.")
        }
    }

    private func head() throws -> LogHead {
        let reader = try SQLiteEventReader(directory: directory, sealer: PlainSealer(), watch: .polling {})
        defer { reader.close() }
        return try reader.head()
    }

    /// What an earlier run set aside.
    private func earlierTail(_ path: String, after position: Int64) throws -> LogTail.Summary? {
        guard DurableFile.exists(path) else { return nil }
        let tail = try LogTail.read(path)
        return tail.after == position ? tail : nil
    }

    /// An interrupted run may have left the log two names.
    private func removeSecondNames() throws {
        for name in try DurableFile.names(in: directory.path) where name.hasPrefix("log.sqlite.before-") {
            let path = "\(directory.path)/\(name)"
            if DurableFile.isSame(path, directory.log) { try DurableFile.remove(path) }
        }
    }
}
