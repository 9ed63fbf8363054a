import EventStore

/// Events of another log, some of them changed, taken out or put in; positions and versions are given anew.
struct EditedLog: EventReader {
    let identity: String
    private let events: [RecordedEvent]
    private let streams: [StreamID: [Int]]

    init(_ base: any EventReader, _ edit: (inout [RecordedEvent]) -> Void) throws {
        identity = base.identity
        var events = try base.read(after: 0, limit: 1_000_000)
        edit(&events)
        var streams: [StreamID: [Int]] = [:]
        for index in events.indices {
            events[index].position = Int64(index) + 1
            events[index].version = Int64(streams[events[index].stream]?.count ?? 0) + 1
            streams[events[index].stream, default: []].append(index)
        }
        self.events = events
        self.streams = streams
    }

    func head() throws -> LogHead { LogHead(position: Int64(events.count), rootHash: Hash256.of([UInt8]()), epoch: 1) }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { Array(events.dropFirst(Int(position)).prefix(limit)) }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        (streams[stream] ?? []).dropFirst(Int(version) - 1).prefix(limit).map { events[$0] }
    }
    func version(of stream: StreamID) throws -> Int64 { Int64(streams[stream]?.count ?? 0) }
    func attachment(of position: Int64) throws -> [UInt8]? { nil }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        for event in events.dropFirst(Int(position)).prefix(Int(last - position)) { try body(event) }
    }
    func command(scope: String, key: String) throws -> RecordedCommand? { nil }
    func commandCounts(scope: String) throws -> CommandCounts { CommandCounts(repeats: 0, reuses: 0) }
    func nextCommit(after position: Int64) async throws -> Int64 { throw EventStoreError(.closed, "Nothing is added to it.") }
}

/// Opens what is in clear; everything else was erased.
struct ErasingSealer: PayloadSealer {
    func sealingKeys(for requests: [SealingRequest]) async throws -> [String?] { [String?](repeating: nil, count: requests.count) }
    func seal(_ plaintext: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8] { plaintext }
    func open(_ sealed: [UInt8], keyID: String?, associatedData: [UInt8]) throws -> [UInt8]? { keyID == nil ? sealed : nil }
}
