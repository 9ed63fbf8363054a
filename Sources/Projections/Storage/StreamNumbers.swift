import EventStore

/// The numbers that stand for streams in the tables of `views.sqlite`, and the only place where they are given and resolved.
///
/// The id of a stream is random to look at: rows and indexes by id would lie all over the file, and each event would touch a page of its
/// own in every one of them. Numbers are given in the order in which streams are first mentioned, so that what is alive at the same time
/// lies side by side. They mean nothing outside their file: another file gives others.
final class StreamNumbers {
    /// Of no stream: matches no row.
    static let none: Int64 = 0

    private let database: ViewDatabase
    private let isWriting: Bool
    private var numbers: RecentCache<StreamID, Int64>
    private var streams: RecentCache<Int64, StreamID>
    // Prepared when first used: a new file has no table yet.
    private var find: ViewStatement?
    private var insert: ViewStatement?
    private var resolve: ViewStatement?

    init(_ database: ViewDatabase, access: ViewConnection.Access) {
        self.database = database
        isWriting = access == .writing
        numbers = RecentCache(capacity: isWriting ? 32_768 : 2_048)
        streams = RecentCache(capacity: 2_048)
    }

    /// The number of a stream. Who writes gives it one, in the transaction under way, if it has none; for who reads that is ``none``.
    func number(of stream: StreamID) throws(ViewError) -> Int64 {
        if let known = try known(stream) { return known }
        guard isWriting else { return Self.none }
        let insert = try prepared(&insert, "INSERT INTO stream(id) VALUES (?1)")
        insert.bind(1, stream.bytes)
        try insert.run()
        let number = database.lastInsertedRow
        numbers.put(number, for: stream)
        return number
    }

    /// Whether a stream has a number: if not, no row of any table is about it.
    func isKnown(_ stream: StreamID) throws(ViewError) -> Bool { try known(stream) != nil }

    /// The stream that a number stands for.
    /// - Throws: `ViewError.damaged` if it stands for none.
    func stream(_ number: Int64) throws(ViewError) -> StreamID {
        if let stream = streams.value(for: number) { return stream }
        let resolve = try prepared(&resolve, "SELECT id FROM stream WHERE number = ?1")
        resolve.bind(1, number)
        defer { resolve.reset() }
        guard try resolve.step(), let stream = StreamID(bytes: resolve.bytes(0)) else { throw ViewError.damaged(table: "stream") }
        streams.put(stream, for: number)
        return stream
    }

    /// Forgets what a transaction gave that was rolled back.
    func forget() {
        numbers.removeAll()
        streams.removeAll()
    }

    private func known(_ stream: StreamID) throws(ViewError) -> Int64? {
        if let number = numbers.value(for: stream) { return number }
        let find = try prepared(&find, "SELECT number FROM stream WHERE id = ?1")
        find.bind(1, stream.bytes)
        defer { find.reset() }
        guard try find.step() else { return nil }
        let number = find.int64(0)
        numbers.put(number, for: stream)
        return number
    }

    private func prepared(_ kept: inout ViewStatement?, _ sql: String) throws(ViewError) -> ViewStatement {
        if let kept { return kept }
        let statement = try ViewStatement(sql, on: database)
        kept = statement
        return statement
    }
}
