import EventStore

/// A log whose head has another root than its leaves give.
struct WrongHeadLog: EventReader {
    private let log: SyntheticLog

    init(of log: SyntheticLog) { self.log = log }

    var identity: String { log.identity }

    func head() throws -> LogHead {
        var head = try log.head()
        head.rootHash = MerkleTree.emptyRoot
        return head
    }

    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] { try log.leafHashes(after: position, limit: limit) }
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] { [] }
    func version(of stream: StreamID) throws -> Int64 { 0 }
    func attachment(of position: Int64) throws -> [UInt8]? { nil }
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {}
    func command(scope: String, key: String) throws -> RecordedCommand? { nil }
    func commandCounts(scope: String) throws -> CommandCounts { CommandCounts(repeats: 0, reuses: 0) }
    func nextCommit(after position: Int64) async throws -> Int64 { throw CancellationError() }
}
