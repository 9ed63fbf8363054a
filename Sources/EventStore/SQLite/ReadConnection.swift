import Timekeeping

/// A read-only connection with what makes reading cheap: prepared statements, interned strings, known stream names.
///
/// `@unchecked Sendable`: ``ReaderPool`` lends it to one caller at a time.
final class ReadConnection: @unchecked Sendable {
    let connection: Connection
    private var statements: [String: Statement] = [:]
    private var strings = StringInterner()
    private var names = StreamNameCache()

    // Enough for the inner pages of the indexes; a replay reads each page once, a larger cache would not help it.
    private static let cacheKibibytes = 8192

    init(path: String) throws {
        connection = try Connection(path: path, access: .reading)
        try connection.execute("PRAGMA cache_size = -\(Self.cacheKibibytes)")
    }

    /// Reads through a connection that another also uses, in its transaction.
    init(_ connection: Connection) {
        self.connection = connection
    }

    /// A statement of ``Queries``, prepared once.
    func statement(_ sql: String) throws -> Statement {
        if let statement = statements[sql] { return statement }
        let statement = try connection.prepare(sql)
        statements[sql] = statement
        return statement
    }

    /// Runs a page query, whose parameters are bound, and hands over each event.
    func forEach(_ page: Statement, _ body: (RecordedEvent) throws -> Void) throws {
        defer { page.reset() }
        while try page.step() {
            try body(event(page))
        }
    }

    /// Runs a page query as ``forEach(_:_:)`` does, until `body` says that it was enough.
    func read(_ page: Statement, while body: (RecordedEvent) throws -> Bool) throws {
        defer { page.reset() }
        while try page.step() {
            guard try body(event(page)) else { return }
        }
    }

    /// The event in the current row of a page query.
    private func event(_ row: Statement) throws -> RecordedEvent {
        let position = row.int64(0)
        guard let id = row.id(1),
            let stream = try stream(row.int64(2)),
            let offset = Int16(exactly: row.int64(7)),
            let leafHash = Hash256(bytes: row.blob(14))
        else { throw Self.unreadable(position) }
        let causation = row.id(10)
        let correlation = row.id(11)
        let attachmentHash = Hash256(bytes: row.blob(13))
        // An optional that is there must be whole.
        guard row.isNull(10) == (causation == nil), row.isNull(11) == (correlation == nil), row.isNull(13) == (attachmentHash == nil) else {
            throw Self.unreadable(position)
        }
        return RecordedEvent(
            position: position,
            version: row.int64(3),
            stream: stream,
            id: id,
            type: strings.string(row.text(4)),
            source: strings.string(row.text(5)),
            time: Instant(millisecondsSinceEpoch: row.int64(6), offsetMinutes: offset),
            recordedAt: Instant(millisecondsSinceEpoch: row.int64(8)),
            actor: row.isNull(9) ? nil : strings.string(row.text(9)),
            causation: causation,
            correlation: correlation,
            keyID: row.isNull(12) ? nil : strings.string(row.text(12)),
            attachmentHash: attachmentHash,
            payload: row.bytes(15),
            leafHash: leafHash
        )
    }

    private func stream(_ number: Int64) throws -> StreamID? {
        try names.stream(number, by: try statement(Queries.streamName))
    }

    private static func unreadable(_ position: Int64) -> EventStoreError {
        var facts = EventStoreError.Facts()
        facts.position = position
        return EventStoreError(.corrupted, "The event at position \(position) cannot be read: run verify.", facts: facts)
    }
}

extension Statement {
    /// An event id; nil if the column is not 16 bytes.
    fileprivate func id(_ column: Int32) -> EventID? {
        guard let halves = Bits128.load(blob(column)) else { return nil }
        return EventID(high: halves.high, low: halves.low)
    }
}
