public import EventStore

/// A log whose appends are acknowledged once the topic has them (`ack = kafka`): a machine that is lost takes nothing along that somebody
/// was promised.
///
/// Streams and their versions are read as they are recorded here, since decisions build on each other and go to the topic in order. All
/// else goes through ``reader``, which ends where the topic ends; followers and views get that one.
public struct ReplicatedLog: EventLog {
    /// The log as far as the topic has it.
    public let reader: ReplicatedReader
    private let log: SQLiteEventLog
    private let progress: ReplicationProgress
    private let patience: Duration

    /// - Parameters:
    ///   - progress: of the relay that hands `log` over.
    ///   - patience: how long an append waits for the topic.
    public init(_ log: SQLiteEventLog, progress: ReplicationProgress, patience: Duration = .seconds(30)) {
        self.log = log
        self.progress = progress
        self.patience = patience
        reader = ReplicatedReader(log, progress: progress)
    }

    /// Records a decision, and returns once the topic has it.
    ///
    /// - Throws: as ``EventStore/EventLog/append(_:)``; `storageUnavailable` also if the topic did not get it in time: it is recorded here and
    ///   goes to the topic later, nothing was acknowledged; repeat the request under the same command key.
    public func append(_ request: AppendRequest) async throws -> AppendOutcome {
        let outcome = try await log.append(request)
        // A repetition too: its first append may not have come through yet.
        let end = try log.replicationEnd()
        let (progress, patience) = (progress, patience)
        // Not ended by the caller, as an append is not.
        let isThere = await Task { await Self.waits(for: end, progress, patience) }.value
        guard isThere else {
            throw EventStoreError(
                .storageUnavailable,
                "The append is recorded and the topic does not have it after \(patience): see whether the relay and Kafka run; repeat it "
                    + "under the same command key."
            )
        }
        return outcome
    }

    private static func waits(for end: LogCursor, _ progress: ReplicationProgress, _ patience: Duration) async -> Bool {
        if progress.cursor.covers(end) { return true }
        return await withTaskGroup { group in
            group.addTask { (try? await progress.wait(through: end)) != nil }
            group.addTask {
                try? await Task.sleep(for: patience)
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    public var epoch: Int64 { log.epoch }

    public func close() async { await log.close() }

    // MARK: What decisions are made on

    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try log.read(stream: stream, fromVersion: version, limit: limit)
    }

    public func version(of stream: StreamID) throws -> Int64 { try log.version(of: stream) }

    // MARK: What is shown

    public var identity: String { log.identity }

    public func head() throws -> LogHead { try reader.head() }

    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try reader.read(after: position, limit: limit) }

    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] { try reader.leafHashes(after: position, limit: limit) }

    public func attachment(of position: Int64) throws -> [UInt8]? { try reader.attachment(of: position) }

    public func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try reader.forEachEvent(after: position, through: last, body)
    }

    public func command(scope: String, key: String) throws -> RecordedCommand? { try reader.command(scope: scope, key: key) }

    public func commandCounts(scope: String) throws -> CommandCounts { try reader.commandCounts(scope: scope) }

    public func nextCommit(after position: Int64) async throws -> Int64 { try await reader.nextCommit(after: position) }
}
