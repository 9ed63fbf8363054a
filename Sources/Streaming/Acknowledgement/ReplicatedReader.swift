public import EventStore

/// A log as far as the topic has it: what an acknowledgement of `kafka` promises, and nothing that a lost machine would take back.
public struct ReplicatedReader: EventReader {
    private let log: SQLiteEventLog
    private let progress: ReplicationProgress

    /// - Parameter progress: of the relay that hands `log` over.
    public init(_ log: SQLiteEventLog, progress: ReplicationProgress) {
        self.log = log
        self.progress = progress
    }

    public var identity: String { log.identity }

    /// The head of what the topic has; that of an empty log until the topic's end is known. Of the epoch in which the log is open here:
    /// whoever follows it here follows this writer, whichever one handed the last batch over.
    public func head() throws -> LogHead {
        if progress.isCopy { return try log.head() }
        guard var head = progress.head else { return LogHead(position: 0, rootHash: MerkleFrontier().root, epoch: log.epoch) }
        head.epoch = log.epoch
        return head
    }

    /// Of a copy, all that it has.
    private var last: Int64 { progress.isCopy ? .max : progress.cursor.position }

    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] {
        let last = last
        guard position < last else { return [] }
        let room = last.subtractingReportingOverflow(max(0, position)).partialValue
        return try log.read(after: position, limit: Int(clamping: min(Int64(limit), room)))
    }

    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        let last = last
        guard position < last else { return [] }
        let room = last.subtractingReportingOverflow(max(0, position)).partialValue
        return try log.leafHashes(after: position, limit: Int(clamping: min(Int64(limit), room)))
    }

    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        let last = last
        return try log.read(stream: stream, fromVersion: version, limit: limit).filter { $0.position <= last }
    }

    public func version(of stream: StreamID) throws -> Int64 {
        let last = last
        var version = try log.version(of: stream)
        // From behind: what the topic does not have yet is little.
        while version > 0 {
            guard let event = try log.read(stream: stream, fromVersion: version, limit: 1).first else { break }
            if event.position <= last { break }
            version -= 1
        }
        return version
    }

    public func attachment(of position: Int64) throws -> [UInt8]? {
        position <= last ? try log.attachment(of: position) : nil
    }

    public func forEachEvent(after position: Int64, through end: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try log.forEachEvent(after: position, through: min(end, last), body)
    }

    /// A command is remembered once the topic has it: one that is asked for before comes again as a repetition, which waits.
    public func command(scope: String, key: String) throws -> RecordedCommand? {
        guard let command = try log.command(scope: scope, key: key) else { return nil }
        // A command without events may come after all events of its position.
        if progress.isCopy || progress.hasLast(command) { return command }
        let cursor = progress.cursor
        if command.position < cursor.position { return command }
        let isWhole = try command.position == cursor.position && cursor.covers(log.replicationEnd())
        return isWhole ? command : nil
    }

    public func commandCounts(scope: String) throws -> CommandCounts { try log.commandCounts(scope: scope) }

    public func nextCommit(after position: Int64) async throws -> Int64 {
        if progress.isCopy { return try await log.nextCommit(after: position) }
        let (next, overflow) = position.addingReportingOverflow(1)
        guard !overflow else { throw EventStoreError(.invalidRequest, "There is no position after \(position).") }
        try await progress.wait(through: LogCursor(position: max(0, next), command: 0))
        return progress.cursor.position
    }
}
