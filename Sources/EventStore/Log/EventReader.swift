/// Reading a log: all that followers, projections and auditors need.
///
/// Reads return what is committed. They block the calling thread for one page of local storage, no longer; ask
/// for pages (a few hundred events), not for everything.
public protocol EventReader: Sendable {
    /// The log's name, part of every leaf: the territory it belongs to.
    var identity: String { get }

    /// The head as stored, read anew on each call.
    func head() throws -> LogHead

    /// Events in order of position, the first one after `position`, at most `limit`.
    func read(after position: Int64, limit: Int) throws -> [RecordedEvent]

    /// Leaf hashes in order of position, the first one after `position`, at most `limit`; payloads are not read.
    ///
    /// - Throws: ``EventStoreError`` `corrupted` if a position is missing.
    func leafHashes(after position: Int64, limit: Int) throws -> [Hash256]

    /// Events of a stream in order of version, the first one at `version`, at most `limit`; none if the stream
    /// does not exist.
    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent]

    /// The version of the stream's last event; 0 if the stream does not exist.
    func version(of stream: StreamID) throws -> Int64

    /// The attachment, as stored, of the event at `position`; nil if it has none. ``PayloadSealer/attachment(_:of:)``
    /// opens it.
    func attachment(of position: Int64) throws -> [UInt8]?

    /// Hands each event after `after` through `through` to `body`, in order and in constant memory. What is
    /// committed while it runs is seen if it is not beyond `through`.
    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws

    /// What is remembered of a command; nil if it was never recorded, or forgotten since.
    func command(scope: String, key: String) throws -> RecordedCommand?

    /// How often the commands of `scope` came again.
    func commandCounts(scope: String) throws -> CommandCounts

    /// Suspends until the log goes beyond `position`, and returns its head's position then.
    ///
    /// - Throws: `CancellationError` if the task is cancelled; ``EventStoreError`` `closed` if the log is closed.
    func nextCommit(after position: Int64) async throws -> Int64
}

extension EventReader {
    /// For readers without a cheaper way.
    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        try read(after: position, limit: limit).map(\.leafHash)
    }
}
