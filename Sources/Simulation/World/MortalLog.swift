import EventStore

/// The log as a process sees it that may die: what is appended stays, whoever appended may not hear of it.
struct MortalLog: EventLog {
    let durable: any EventLog
    let crash: CrashSwitch

    var identity: String { durable.identity }
    var epoch: Int64 { durable.epoch }

    func append(_ request: AppendRequest) async throws -> AppendOutcome {
        try crash.pass(.beforeAppend)
        let outcome = try await durable.append(request)
        try crash.pass(.afterAppend)
        return outcome
    }

    func close() async {}

    func head() throws -> LogHead { try alive().head() }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try alive().read(after: position, limit: limit) }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try alive().read(stream: stream, fromVersion: version, limit: limit)
    }
    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] { try alive().leafHashes(after: position, limit: limit) }
    func version(of stream: StreamID) throws -> Int64 { try alive().version(of: stream) }
    func attachment(of position: Int64) throws -> [UInt8]? { try alive().attachment(of: position) }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try alive().forEachEvent(after: position, through: last, body)
    }
    func command(scope: String, key: String) throws -> RecordedCommand? { try alive().command(scope: scope, key: key) }
    func commandCounts(scope: String) throws -> CommandCounts { try alive().commandCounts(scope: scope) }
    func nextCommit(after position: Int64) async throws -> Int64 { try await alive().nextCommit(after: position) }

    private func alive() throws -> any EventLog {
        try crash.pass()
        return durable
    }
}
