public import Timekeeping

/// Copies a log elsewhere, also while it is written to: everything the first time, afterwards what is new.
///
/// The copy is a directory with a `log.sqlite` that the reading commands read like any other. Rows are copied, not pages:
/// up to a position fixed at the start, in several snapshots, so that the write-ahead log can start over meanwhile; appends
/// never wait. All goes into the copy in one transaction, which commits only if the copy's own tree, carried on over the
/// leaves recomputed from the rows as they stand in the copy, arrives at the source's root: that proves that the copy, the
/// part that was there before included, is a prefix of the source's history.
///
/// A first copy is made under another name and renamed when it is durable. A process that is killed leaves the copy as it
/// was; the next backup clears up after it.
///
/// Commands, which change, are copied as they stood at that position: new ones, those that count repetitions, and those
/// forgotten since are deleted.
public struct LogBackup: Sendable {
    /// What is recomputed of the copy before the backup is called done.
    public enum Verification: Sendable, Hashable {
        /// What was added, and the head.
        case added
        /// Every row; see ``VerificationReport``.
        case everything
    }

    private let source: DataDirectory
    private let time: TimeSource

    /// - Parameters:
    ///   - directory: the data directory of the log, open or not, in this process or another.
    ///   - time: what the duration is measured with.
    public init(of directory: String, time: TimeSource = .system) {
        source = DataDirectory(path: directory)
        self.time = time
    }

    /// Brings the copy in `directory` up to the log's present end; makes it if there is none. The directory's parent must
    /// exist. Blocks the calling thread; call it where nothing else waits.
    ///
    /// - Parameter progress: called from time to time with the events copied and their total.
    /// - Throws: ``EventStoreError`` `wrongLog` if the copy is of another log or history, or is in use as a data directory;
    ///   `checkpointAhead` if the copy is ahead of the log, which was then replaced by an older state; `ownedByAnother`
    ///   while another backup writes there; `corrupted` if either side does not verify; `schemaTooNew` if the tables
    ///   changed since the copy was made; `storageUnavailable`, `diskFull`, `notALog`. The copy is then as it was, except
    ///   after `corrupted` from verifying ``Verification/everything``: what was added stays, for whoever looks into it.
    public func backUp(
        to directory: String,
        verify: Verification = .added,
        progress: (Int64, Int64) -> Void = { _, _ in }
    ) throws -> LogBackupReport {
        let began = time.now()
        let origin = try BackupSource(source)
        let copy = DataDirectory(path: directory)
        try copy.create()
        let lock = try DirectoryLock(directory: directory)
        defer { withExtendedLifetime(lock) {} }
        let staging = StagingDirectory(in: directory)
        try staging.remove()

        let isFirst = !copy.hasLog
        let target: BackupTarget
        if isFirst {
            try staging.create()
            target = try BackupTarget(making: staging.directory, like: origin)
        } else {
            target = try BackupTarget(continuing: copy)
        }
        let sizeBefore = isFirst ? 0 : try DurableFile.size(copy.log)
        let before = target.head.position
        let head = try target.take(from: origin, progress)
        target.close()
        let written = isFirst ? staging.directory : copy
        if verify == .everything { try Self.checkAll(of: written) }
        if isFirst {
            try DurableFile.sync(written.log)
            try staging.publish()
        }
        return LogBackupReport(
            head: head,
            isFirst: isFirst,
            addedEvents: head.position - before,
            addedBytes: try DurableFile.size(copy.log) - sizeBefore,
            milliseconds: time.now().milliseconds(since: began)
        )
    }

    private static func checkAll(of directory: DataDirectory) throws {
        let reader = try SQLiteEventReader(directory: directory, sealer: PlainSealer(), watch: .polling {})
        defer { reader.close() }
        let report = try reader.verify()
        if let problem = report.problems.first {
            throw EventStoreError(.corrupted, "The copy does not verify (\(report.problemCount) problems; \(problem)): make a new one elsewhere.")
        }
    }
}
