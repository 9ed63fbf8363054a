public import Timekeeping

/// The event log of a data directory, on SQLite: durable, append-only, gapless, provable.
///
/// ```swift
/// let log = try SQLiteEventLog.open(.init(directory: path, identity: "cpts-demo"))
/// let outcome = try await log.append(AppendRequest(writes: [StreamWrite(stream: id, expected: .noStream, events: [event])]))
/// ```
///
/// One process at a time may open a directory for writing; any number may read it (``openReadOnly(directory:sealer:)``).
public final class SQLiteEventLog: EventLog {
    /// What a log needs to open.
    public struct Configuration: Sendable {
        /// Path of the data directory; its parent must exist.
        public var directory: String
        /// The territory's name, part of every leaf; fixed when the log is created. 1 to 255 bytes.
        public var identity: String
        /// Whether a missing log is created; otherwise opening throws `notALog`.
        public var createsIfMissing: Bool
        /// What the log is opened as; must be what it is. One that is created becomes that.
        public var role: LogRole
        /// Seals what is stored.
        public var sealer: any PayloadSealer
        /// Gives the recorded times.
        public var time: TimeSource
        /// Suspends for some milliseconds between two attempts to resume after the disk failed.
        public var pause: @Sendable (Int64) async throws -> Void

        public init(
            directory: String,
            identity: String,
            createsIfMissing: Bool = true,
            role: LogRole = .writer,
            sealer: any PayloadSealer = PlainSealer(),
            time: TimeSource = .system,
            pause: @escaping @Sendable (Int64) async throws -> Void = { try await Task.sleep(for: .milliseconds($0)) }
        ) {
            self.directory = directory
            self.identity = identity
            self.createsIfMissing = createsIfMissing
            self.role = role
            self.sealer = sealer
            self.time = time
            self.pause = pause
        }
    }

    let reader: SQLiteEventReader
    let writer: CommitWriter
    private let sealer: any PayloadSealer

    private init(reader: SQLiteEventReader, writer: CommitWriter, sealer: any PayloadSealer) {
        self.reader = reader
        self.writer = writer
        self.sealer = sealer
    }

    /// Opens a directory for writing, and takes it over from any earlier owner; or as a replica (``LogRole``), of which there may be many.
    ///
    /// - Throws: ``EventStoreError`` `notPromoted` if it is a replica and to be opened as a writer's, `notAReplica` if the other way
    ///   round, `ownedByAnother`, `durabilityLowered`, `notALog`, `wrongLog`, `schemaTooNew`,
    ///   `corrupted`, `storageUnavailable`, `diskFull`.
    public static func open(_ configuration: Configuration) throws -> SQLiteEventLog {
        try open(configuration, beforeCheck: { _ in })
    }

    /// - Parameter beforeCheck: what a test does to the connection between setting it up and reading its settings back.
    static func open(_ configuration: Configuration, beforeCheck: (Connection) throws -> Void) throws -> SQLiteEventLog {
        guard 1...255 ~= configuration.identity.utf8.count else {
            throw EventStoreError(.invalidRequest, "The log's identity must have 1 to 255 bytes.")
        }
        let directory = DataDirectory(path: configuration.directory)
        guard directory.hasLog || configuration.createsIfMissing else {
            throw EventStoreError(.notALog, "The data directory holds no log: initialise it, or check its path.")
        }
        try directory.create()
        let lock = try DirectoryLock(directory: directory.path)
        if !directory.hasLog { try directory.createLogFile() }

        let opener = SessionOpener(directory: directory, identity: configuration.identity, time: configuration.time, role: configuration.role)
        let opened = try opener.open(beforeCheck: beforeCheck)
        let signal = CommitSignal(position: opened.session.position, command: opened.session.lastCommand)
        let reader = try SQLiteEventReader(directory: directory, sealer: configuration.sealer, watch: .signal(signal))
        let writer = CommitWriter(opened, opener: opener, lock: lock, signal: signal, pause: configuration.pause)
        return SQLiteEventLog(reader: reader, writer: writer, sealer: configuration.sealer)
    }

    /// Opens a directory for reading, whoever writes to it.
    ///
    /// - Parameter pause: what ``EventReader/nextCommit(after:)`` does between two looks at the head.
    /// - Throws: ``EventStoreError`` `notALog`, `schemaTooNew`, `storageUnavailable`.
    public static func openReadOnly(
        directory: String,
        sealer: any PayloadSealer = PlainSealer(),
        pause: @escaping @Sendable () async throws -> Void = { try await Task.sleep(for: .milliseconds(100)) }
    ) throws -> SQLiteEventReader {
        try SQLiteEventReader(directory: DataDirectory(path: directory), sealer: sealer, watch: .polling(pause: pause))
    }

    // MARK: Health

    /// Whether appends are accepted now; if not, why, and since when.
    public var health: LogHealth { writer.health }

    /// The health now, then each change, until the log is closed. While refusing, each attempt to resume is a change.
    public func healthChanges() -> AsyncStream<LogHealth> { writer.healthChanges() }

    // MARK: Appending

    /// Rises when the log resumes after its disk failed. Of a replica: its writer's, as it last heard.
    public var epoch: Int64 { writer.epoch }

    /// Whether appends go here, or what is recorded elsewhere is taken in.
    public var role: LogRole { writer.role }

    public func append(_ request: AppendRequest) async throws -> AppendOutcome {
        // Before anything is sealed: a replica makes no keys.
        guard role == .writer else { throw EventStoreError.notTheWriter }
        let prepared = try await PreparedAppend(request, logIdentity: identity, sealer: sealer)
        return try await writer.append(prepared).opened(by: sealer)
    }

    public func close() async {
        await writer.close()
        reader.close()
    }

    /// Runs `body` on the writer's connection between two transactions: for tests of what the disk does to it.
    func withWriterConnection<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        try writer.withConnection(body)
    }

    /// Requests the writer has not come to yet.
    var waitingRequests: Int { writer.waitingRequests }

    /// Forgets the keys of intake commands recorded before `instant` (I4): a repetition of one is then a new command. Those of process
    /// managers are kept for ever, and the newest of all until another comes.
    ///
    /// - Returns: how many were forgotten.
    /// - Throws: ``EventStoreError`` `storageUnavailable`, `diskFull`, `closed`: what was forgotten until then stays so.
    @discardableResult
    public func forgetCommands(recordedBefore instant: Instant) async throws -> Int {
        try await writer.forgetCommands(recordedBefore: instant.millisecondsSinceEpoch)
    }

    // MARK: Reading

    public var identity: String { reader.identity }

    public func head() throws -> LogHead { try reader.head() }

    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] {
        try reader.read(after: position, limit: limit)
    }

    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        try reader.leafHashes(after: position, limit: limit)
    }

    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try reader.read(stream: stream, fromVersion: version, limit: limit)
    }

    public func version(of stream: StreamID) throws -> Int64 { try reader.version(of: stream) }

    public func attachment(of position: Int64) throws -> [UInt8]? { try reader.attachment(of: position) }

    public func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try reader.forEachEvent(after: position, through: last, body)
    }

    public func command(scope: String, key: String) throws -> RecordedCommand? { try reader.command(scope: scope, key: key) }

    public func commandCounts(scope: String) throws -> CommandCounts { try reader.commandCounts(scope: scope) }

    public func nextCommit(after position: Int64) async throws -> Int64 { try await reader.nextCommit(after: position) }

    /// What the committing connection reads back for `PRAGMA synchronous`: 2 is FULL, and a log does not open with anything else.
    public func synchronous() throws -> Int {
        try writer.withConnection { try $0.integer("PRAGMA synchronous").map(Int.init) ?? 0 }
    }

    /// Checks all that is stored; see ``SQLiteEventReader/verify(against:progress:)``. Appends go on meanwhile.
    public func verify(against kept: [TreeHead] = [], progress: (Int64, Int64) -> Void = { _, _ in }) throws -> VerificationReport {
        try reader.verify(against: kept, progress: progress)
    }
}
