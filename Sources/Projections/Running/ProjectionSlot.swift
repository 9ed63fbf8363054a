import EventStore

/// One generation of a projection while it is being written.
struct ProjectionSlot {
    let projection: any Projection.Type
    let tables: ViewTables
    private(set) var position: Int64
    private var epoch: Int64
    private let writer: any ProjectionWriter
    /// For each parked stream, the first position that could not be taken in.
    private var parked: [StreamID: Int64] = [:]

    var name: String { projection.name }
    var generation: Int64 { tables.generation }

    /// Opens the tables of a generation that has its row in `projection`.
    init(_ projection: any Projection.Type, generation: Int64, on connection: ViewConnection) throws {
        self.projection = projection
        tables = ViewTables(connection: connection, generation: generation)
        writer = try projection.writer(tables)
        (position, epoch, parked) = (0, 0, [:])
        try reload()
    }

    /// Creates the tables and the row of a new generation, in the caller's transaction.
    static func create(_ projection: any Projection.Type, live: Bool, on connection: ViewConnection) throws -> ProjectionSlot {
        let last = try connection.statement("SELECT coalesce(max(generation), 0) FROM projection WHERE name = ?1")
        last.bind(1, projection.name)
        let generation = (try last.first { $0.int64(0) } ?? 0) + 1
        let tables = ViewTables(connection: connection, generation: generation)
        for sql in projection.schema(tables) { try connection.execute(sql) }
        if live { try tables.show(projection.tables) }
        let insert = try connection.statement(
            "INSERT INTO projection(name, generation, version, live, position, leaf, epoch) VALUES (?1, ?2, ?3, ?4, 0, NULL, 0)"
        )
        insert.bind(1, projection.name)
        insert.bind(2, generation)
        insert.bind(3, projection.version)
        insert.bind(4, live ? 1 : 0)
        try insert.run()
        return try ProjectionSlot(projection, generation: generation, on: connection)
    }

    /// Drops the tables, the row and what is parked, in the caller's transaction.
    static func drop(_ projection: any Projection.Type, generation: Int64, on connection: ViewConnection) throws {
        try ViewTables(connection: connection, generation: generation).drop(projection.tables)
        for sql in ["DELETE FROM projection WHERE name = ?1 AND generation = ?2", "DELETE FROM parked WHERE projection = ?1 AND generation = ?2"] {
            let delete = try connection.statement(sql)
            delete.bind(1, projection.name)
            delete.bind(2, generation)
            try delete.run()
        }
    }

    /// Reads back what is on disk, after opening or a rollback.
    mutating func reload() throws {
        writer.forget()
        let row = try tables.connection.statement("SELECT position, epoch FROM projection WHERE name = ?1 AND generation = ?2")
        row.bind(1, name)
        row.bind(2, generation)
        (position, epoch) = try row.first { ($0.int64(0), $0.int64(1)) } ?? (0, 0)
        let streams = try tables.connection.statement(
            "SELECT stream, min(position) FROM parked WHERE projection = ?1 AND generation = ?2 GROUP BY stream"
        )
        streams.bind(1, name)
        streams.bind(2, generation)
        parked = [:]
        for (stream, first) in try streams.rows({ (StreamID(bytes: $0.bytes(0)), $0.int64(1)) }) {
            guard let stream else { throw ViewError.damaged(table: "parked") }
            parked[stream] = first
        }
    }

    /// Whether it wants an event that it has not taken in yet.
    func wants(_ event: RecordedEvent) -> Bool {
        event.position > position && projection.interests.contains(event.type)
    }

    mutating func handle(_ opened: OpenedEvent) throws {
        if let first = parked[opened.recorded.stream] { return try park(opened.recorded, "waits behind position \(first)") }
        do {
            try writer.handle(opened)
        } catch let error as UnreadableEvent {
            try park(opened.recorded, error.problem)
        }
    }

    mutating func park(_ event: RecordedEvent, _ problem: String) throws {
        let insert = try tables.connection.statement(
            "INSERT INTO parked(projection, generation, position, stream, type, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        )
        insert.bind(1, name)
        insert.bind(2, generation)
        insert.bind(3, event.position)
        insert.bind(4, event.stream.bytes)
        insert.bind(5, event.type)
        insert.bind(6, problem)
        try insert.run()
        parked[event.stream] = parked[event.stream] ?? event.position
    }

    /// Saves the checkpoint in the transaction of the page's rows.
    ///
    /// - Parameter last: the page's last event; its leaf lets the next owner see whether it follows the same history.
    mutating func advance(to last: RecordedEvent, epoch: Int64) throws {
        guard last.position > position else { return }
        guard epoch >= self.epoch else { throw ViewError.superseded(savedEpoch: self.epoch, epoch: epoch) }
        try writer.flush()
        let update = try tables.connection.statement(
            "UPDATE projection SET position = ?3, leaf = ?4, epoch = ?5 WHERE name = ?1 AND generation = ?2 AND epoch <= ?5"
        )
        update.bind(1, name)
        update.bind(2, generation)
        update.bind(3, last.position)
        update.bind(4, last.leafHash.bytes)
        update.bind(5, epoch)
        try update.run()
        position = last.position
        self.epoch = epoch
    }
}
