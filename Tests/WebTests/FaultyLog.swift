import EventStore
import Synchronization

/// A log whose appends can be made to fail.
final class FaultyLog: EventLog {
    final class Switch: Sendable {
        private let code = Mutex<EventStoreError.Code?>(nil)

        func fail(with code: EventStoreError.Code?) { self.code.withLock { $0 = code } }

        var failure: EventStoreError? { code.withLock { $0 }.map { EventStoreError($0, "injected") } }
    }

    private let log: any EventLog
    private let faults: Switch

    init(_ log: any EventLog, _ faults: Switch) {
        self.log = log
        self.faults = faults
    }

    var identity: String { log.identity }
    var epoch: Int64 { log.epoch }

    func append(_ request: AppendRequest) async throws -> AppendOutcome {
        if let failure = faults.failure { throw failure }
        return try await log.append(request)
    }

    func close() async { await log.close() }
    func head() throws -> LogHead { try log.head() }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try log.read(after: position, limit: limit) }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try log.read(stream: stream, fromVersion: version, limit: limit)
    }
    func version(of stream: StreamID) throws -> Int64 { try log.version(of: stream) }
    func attachment(of position: Int64) throws -> [UInt8]? { try log.attachment(of: position) }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try log.forEachEvent(after: position, through: last, body)
    }
    func command(scope: String, key: String) throws -> RecordedCommand? { try log.command(scope: scope, key: key) }
    func commandCounts(scope: String) throws -> CommandCounts { try log.commandCounts(scope: scope) }
    func nextCommit(after position: Int64) async throws -> Int64 { try await log.nextCommit(after: position) }
}
