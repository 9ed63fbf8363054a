public import EventStore
import Synchronization

/// A log that tests make refuse: its disk is full, or its file is gone.
public final class SwitchableLog: EventLog {
    public struct State: Sendable {
        public var refusesAppends = false
        public var refusesReads = false
        /// Runs before the next append, once.
        public var beforeAppend: (@Sendable () async throws -> Void)?
    }

    private let log: any EventLog
    private let state = Mutex(State())

    public init(_ log: any EventLog) { self.log = log }

    public func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private var readable: any EventLog {
        get throws {
            if state.withLock(\.refusesReads) { throw EventStoreError(.storageUnavailable, "refused by the test") }
            return log
        }
    }

    public var identity: String { log.identity }
    public var epoch: Int64 { log.epoch }

    public func append(_ request: AppendRequest) async throws -> AppendOutcome {
        let before = state.withLock { state in
            defer { state.beforeAppend = nil }
            return state.beforeAppend
        }
        try await before?()
        if state.withLock(\.refusesAppends) { throw EventStoreError(.diskFull, "refused by the test") }
        return try await readable.append(request)
    }

    public func close() async { await log.close() }
    public func head() throws -> LogHead { try readable.head() }
    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try readable.read(after: position, limit: limit) }
    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try readable.read(stream: stream, fromVersion: version, limit: limit)
    }
    public func version(of stream: StreamID) throws -> Int64 { try readable.version(of: stream) }
    public func attachment(of position: Int64) throws -> [UInt8]? { try readable.attachment(of: position) }
    public func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try readable.forEachEvent(after: position, through: last, body)
    }
    public func command(scope: String, key: String) throws -> RecordedCommand? { try readable.command(scope: scope, key: key) }
    public func commandCounts(scope: String) throws -> CommandCounts { try readable.commandCounts(scope: scope) }
    public func nextCommit(after position: Int64) async throws -> Int64 { try await readable.nextCommit(after: position) }
}
