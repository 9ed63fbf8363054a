import EventStore
import Synchronization

/// A log that tests make refuse: its disk is full, or its file is gone.
final class SwitchableLog: EventLog {
    struct State: Sendable {
        var refusesAppends = false
        var refusesReads = false
        /// Runs before the next append, once.
        var beforeAppend: (@Sendable () async throws -> Void)?
    }

    private let log: any EventLog
    private let state = Mutex(State())

    init(_ log: any EventLog) { self.log = log }

    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    private var readable: any EventLog {
        get throws {
            if state.withLock(\.refusesReads) { throw EventStoreError(.storageUnavailable, "refused by the test") }
            return log
        }
    }

    var identity: String { log.identity }
    var epoch: Int64 { log.epoch }

    func append(_ request: AppendRequest) async throws -> AppendOutcome {
        let before = state.withLock { state in
            defer { state.beforeAppend = nil }
            return state.beforeAppend
        }
        try await before?()
        if state.withLock(\.refusesAppends) { throw EventStoreError(.diskFull, "refused by the test") }
        return try await readable.append(request)
    }

    func close() async { await log.close() }
    func head() throws -> LogHead { try readable.head() }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try readable.read(after: position, limit: limit) }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try readable.read(stream: stream, fromVersion: version, limit: limit)
    }
    func version(of stream: StreamID) throws -> Int64 { try readable.version(of: stream) }
    func attachment(of position: Int64) throws -> [UInt8]? { try readable.attachment(of: position) }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try readable.forEachEvent(after: position, through: last, body)
    }
    func command(scope: String, key: String) throws -> RecordedCommand? { try readable.command(scope: scope, key: key) }
    func commandCounts(scope: String) throws -> CommandCounts { try readable.commandCounts(scope: scope) }
    func nextCommit(after position: Int64) async throws -> Int64 { try await readable.nextCommit(after: position) }
}
