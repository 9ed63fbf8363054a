import EventStore

/// A log between a coordinator and the truth: what is appended is changed on its way, and nobody is told.
struct TamperedLog: EventLog {
    let base: any EventLog
    let change: @Sendable (AppendRequest) -> AppendRequest

    var identity: String { base.identity }
    var epoch: Int64 { base.epoch }

    func append(_ request: AppendRequest) async throws -> AppendOutcome { try await base.append(change(request)) }
    func close() async { await base.close() }
    func head() throws -> LogHead { try base.head() }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { try base.read(after: position, limit: limit) }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try base.read(stream: stream, fromVersion: version, limit: limit)
    }
    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] { try base.leafHashes(after: position, limit: limit) }
    func version(of stream: StreamID) throws -> Int64 { try base.version(of: stream) }
    func attachment(of position: Int64) throws -> [UInt8]? { try base.attachment(of: position) }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        try base.forEachEvent(after: position, through: last, body)
    }
    func command(scope: String, key: String) throws -> RecordedCommand? { try base.command(scope: scope, key: key) }
    func commandCounts(scope: String) throws -> CommandCounts { try base.commandCounts(scope: scope) }
    func nextCommit(after position: Int64) async throws -> Int64 { try await base.nextCommit(after: position) }
}

extension AppendRequest {
    /// With the events of each write changed.
    func mapping(_ change: (StreamWrite) -> [NewEvent]) -> AppendRequest {
        var request = self
        request.writes = writes.map { write in
            var write = write
            write.events = change(write)
            return write
        }
        return request
    }
}
