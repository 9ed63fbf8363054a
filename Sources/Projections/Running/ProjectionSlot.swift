import EventStore

/// One generation of a projection while it is being written.
struct ProjectionSlot {
    let projection: any Projection.Type
    /// Its place among the runner's projections.
    let mask: ProjectionMask
    let tables: ViewTables
    private(set) var position: Int64
    private var epoch: Int64
    private let writer: any ProjectionWriter
    /// For each parked stream, the first position that could not be taken in.
    private var parked: [StreamID: Int64] = [:]

    var name: String { projection.name }
    var generation: Int64 { tables.generation }

    /// Opens the tables of a generation that has its row in `projection`.
    init(_ entry: ProjectionCore.Entry, generation: Int64, on connection: ViewConnection) throws {
        projection = entry.projection
        mask = entry.mask
        tables = ViewTables(connection: connection, generation: generation)
        writer = try projection.writer(tables, lookupKey: entry.lookupKey)
        (position, epoch, parked) = (0, 0, [:])
        try reload()
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
        for (stream, first) in try streams.rows({ (try $0.stream(0), $0.int64(1)) }) {
            guard let stream else { throw ViewError.damaged(table: "parked") }
            parked[stream] = first
        }
    }

    /// Takes in what it wants of a page and has not taken in yet.
    mutating func take(_ page: OpenedPage) throws {
        for item in page.items {
            switch item {
            case .opened(let opened):
                if opened.wanted.contains(mask) && opened.position > position { try handle(opened) }
            case .unreadable(let event, let wanted, let problem):
                if wanted.contains(mask) && event.position > position { try park(event, problem) }
            case .erasure(let event):
                if event.position > position { try erase(event.stream) }
            }
        }
    }

    private mutating func handle(_ opened: OpenedEvent) throws {
        if !parked.isEmpty, let first = parked[opened.stream] { return try park(opened.recorded, "waits behind position \(first)") }
        do {
            try writer.handle(opened)
        } catch let error as UnreadableEvent {
            try park(opened.recorded, error.problem)
        }
    }

    /// Drops what came from a stream, what is parked of it included: its events cannot be read any more, and count nowhere.
    mutating func erase(_ stream: StreamID) throws {
        // No row is about it: the tables may as well go on without the indexes that only an erasure needs.
        guard try tables.connection.streams.isKnown(stream) else { return }
        try index()
        try writer.erase(stream)
        let delete = try tables.connection.statement("DELETE FROM parked WHERE projection = ?1 AND generation = ?2 AND stream = ?3")
        delete.bind(1, name)
        delete.bind(2, generation)
        try delete.bind(3, stream)
        try delete.run()
        parked[stream] = nil
    }

    /// Makes the indexes that a build leaves for later.
    func index() throws {
        for sql in projection.indexes(tables) { try tables.connection.execute(sql) }
    }

    /// Writes what is held back, outside the transaction of a page.
    func flush() throws { try writer.flush() }

    private mutating func park(_ event: RecordedEvent, _ problem: String) throws {
        let insert = try tables.connection.statement(
            "INSERT INTO parked(projection, generation, position, stream, type, problem) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        )
        insert.bind(1, name)
        insert.bind(2, generation)
        insert.bind(3, event.position)
        try insert.bind(4, event.stream)
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
