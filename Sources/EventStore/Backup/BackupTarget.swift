/// The copy: a log file that grows by what the source has more.
final class BackupTarget {
    private static let cacheKibibytes = 65_536
    /// Rows copied within one snapshot of the source.
    private static let pageLength: Int64 = 2000

    private var connection: Connection?
    private let identity: String
    /// Where the copy ends, and the tree up to there.
    let head: LogHead
    private let frontier: MerkleFrontier

    /// An empty copy of `source` in a directory where there is none.
    init(making directory: DataDirectory, like source: BackupSource) throws {
        try directory.createLogFile()
        let connection = try Connection(path: directory.log, access: .writing)
        // Nobody reads the file before it is whole, synced and renamed.
        try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -\(Self.cacheKibibytes)")
        for statement in source.schema { try connection.execute(statement) }
        let rows = try source.connection.prepare("SELECT * FROM meta")
        try connection.insertAll(rows, into: "meta")
        identity = source.identity
        head = LogHead(position: 0, rootHash: MerkleFrontier().root, epoch: 0)
        frontier = MerkleFrontier()
        self.connection = connection
    }

    /// The copy made earlier.
    ///
    /// - Throws: ``EventStoreError`` `wrongLog` if it is not a copy, `corrupted` if its head does not hold together.
    init(continuing directory: DataDirectory) throws {
        let connection = try Connection(path: directory.log, access: .writing)
        identity = try Schema.check(on: connection)
        guard try connection.text("PRAGMA journal_mode") == "delete" else {
            throw EventStoreError(.wrongLog, "The directory to back up to was opened as a data directory: choose another.")
        }
        try connection.execute("PRAGMA synchronous = EXTRA; PRAGMA cache_size = -\(Self.cacheKibibytes)")
        guard let head = try StoredHead.read(on: connection),
            let frontier = head.frontier.withUnsafeBytes({ MerkleFrontier(size: head.position, bytes: $0) }),
            frontier.root == head.rootHash,
            try BackupTable.event.last(on: connection) == head.position
        else {
            throw EventStoreError(.corrupted, "The copy's head does not hold together: make a new copy elsewhere.")
        }
        self.head = LogHead(position: head.position, rootHash: head.rootHash, epoch: head.epoch)
        self.frontier = frontier
        self.connection = connection
    }

    /// Takes over all that `source` has more, or nothing.
    func take(from source: BackupSource, _ progress: (Int64, Int64) -> Void) throws -> LogHead {
        guard let connection else { throw EventStoreError(.closed, "The copy is closed.") }
        guard source.identity == identity else {
            throw EventStoreError(.wrongLog, "The copy is of the log \(identity), not of \(source.identity): choose another directory.")
        }
        guard try connection.schemaStatements().sorted() == source.schema.sorted() else {
            throw EventStoreError(.schemaTooNew, "The log's tables changed since the copy was made: make a new copy elsewhere.")
        }
        try connection.execute("BEGIN IMMEDIATE")
        do {
            // What changes, in the snapshot of the mark: the head's one row, with whatever columns it has, and the commands.
            let mark = try source.mark { mark in
                try checkOrder(of: mark.head)
                try checkSameEnd(in: source, connection)
                try connection.insertAll(source.connection.prepare("SELECT * FROM head"), into: "head")
                try takeRole(from: source, to: connection)
                try takeCommands(through: mark, from: source, to: connection, progress)
            }
            for table in BackupTable.immutable {
                try copy(table, through: mark, from: source, to: connection, progress)
            }
            try check(through: mark.head, on: connection)
            try connection.execute("COMMIT")
            return mark.head
        } catch {
            connection.rollBack()
            throw error
        }
    }

    /// Lets go of the file, so that it can be synced and renamed.
    func close() {
        connection = nil
    }

    // MARK: Is it the same log?

    private func checkOrder(of source: LogHead) throws {
        var facts = EventStoreError.Facts()
        facts.position = head.position
        guard source.position >= head.position else {
            throw EventStoreError(
                .checkpointAhead,
                "The copy ends at \(head.position), the log at \(source.position): the log was replaced by an older state. Keep this copy, "
                    + "back up to another directory.",
                facts: facts
            )
        }
        guard source.epoch >= head.epoch else {
            throw EventStoreError(
                .wrongLog,
                "The copy is of epoch \(head.epoch), the log of epoch \(source.epoch): they were opened apart. Back up to another directory.",
                facts: facts
            )
        }
    }

    /// A quick look before much is copied; ``check(through:on:)`` proves it.
    private func checkSameEnd(in source: BackupSource, _ connection: Connection) throws {
        guard head.position > 0 else { return }
        let ends = try [source.connection, connection].map { connection -> [UInt8]? in
            let leaf = try connection.prepare(Queries.leafHashesThrough)
            leaf.bind(1, head.position - 1)
            leaf.bind(2, head.position)
            guard try leaf.step() else { return nil }
            defer { leaf.reset() }
            return leaf.bytes(0)
        }
        guard ends[0] == ends[1] else { throw otherHistory }
    }

    private var otherHistory: EventStoreError {
        EventStoreError(
            .wrongLog,
            "The copy up to position \(head.position) is not the beginning of the log: one of them was replaced or changed. Verify both, "
                + "back up to another directory."
        )
    }

    // MARK: Rows

    private func copy(
        _ table: BackupTable,
        through mark: BackupSource.Mark,
        from source: BackupSource,
        to connection: Connection,
        _ progress: (Int64, Int64) -> Void
    ) throws {
        let last = mark.last[table] ?? 0
        let page = try source.connection.prepare(
            "SELECT * FROM \(table.rawValue) WHERE \(table.key) > ?1 AND \(table.key) <= ?2 ORDER BY \(table.key) LIMIT \(Self.pageLength)"
        )
        let insert = try connection.insertion(of: page, into: table.rawValue)
        let key = try page.column(named: table.key)
        // Attachments are as old as their events, most of which have none.
        var reached = table == .attachment ? head.position : try table.last(on: connection)
        while reached < last {
            page.bind(1, reached)
            page.bind(2, last)
            var count = 0
            while try page.step() {
                insert.bindRow(of: page)
                try insert.run()
                reached = page.int64(key)
                count += 1
            }
            if table == .event { progress(reached - head.position, last - head.position) }
            guard count > 0 else { return }
        }
    }

    /// Whether it is a replica, and where its follower goes on.
    private func takeRole(from source: BackupSource, to connection: Connection) throws {
        try connection.insertAll(source.connection.prepare("SELECT * FROM meta"), into: "meta")
        guard try Schema.hasReplicaTables(on: connection) else { return }
        try connection.execute("DELETE FROM replica_offset")
        try connection.insertAll(source.connection.prepare("SELECT * FROM replica_offset"), into: "replica_offset")
    }

    /// Makes the copy's commands those of the source's present snapshot.
    private func takeCommands(
        through mark: BackupSource.Mark,
        from source: BackupSource,
        to connection: Connection,
        _ progress: (Int64, Int64) -> Void
    ) throws {
        let last = try BackupTable.command.last(on: connection)
        try refreshCounts(from: source, on: connection, through: last)
        try copy(.command, through: mark, from: source, to: connection, progress)
        let count = "SELECT count(*) FROM command"
        if try source.connection.integer(count) != connection.integer(count) { try forgetCommands(missingIn: source, on: connection) }
    }

    /// Deletes what the source has forgotten since, walking both tables side by side.
    private func forgetCommands(missingIn source: BackupSource, on connection: Connection) throws {
        let kept = try source.connection.prepare("SELECT number FROM command ORDER BY number")
        let copied = try connection.prepare("SELECT number FROM command ORDER BY number")
        let delete = try connection.prepare("DELETE FROM command WHERE number = ?1")
        defer { kept.reset() }
        var next = try kept.step() ? kept.int64(0) : Int64.max
        while try copied.step() {
            let number = copied.int64(0)
            while next < number { next = try kept.step() ? kept.int64(0) : Int64.max }
            guard next != number else { continue }
            // The row under the cursor: it steps on unharmed.
            delete.bind(1, number)
            try delete.run()
        }
    }

    /// Copies again the commands up to `last` that count repetitions. An index of the source names them.
    private func refreshCounts(from source: BackupSource, on connection: Connection, through last: Int64) throws {
        for counter in ["repeats", "reuses"] {
            let counted = try source.connection.prepare("SELECT * FROM command WHERE \(counter) > 0 AND number <= ?1")
            counted.bind(1, last)
            let insert = try connection.insertion(of: counted, into: "command")
            while try counted.step() {
                insert.bindRow(of: counted)
                try insert.run()
            }
        }
    }

    // MARK: Verification

    /// Recomputes what was added from the rows as they stand in the copy, and carries the copy's tree on to the head.
    private func check(through last: LogHead, on connection: Connection) throws {
        let reader = ReadConnection(connection)
        let page = try reader.statement(Queries.page)
        let attachment = try reader.statement(Queries.attachment)
        page.bind(1, head.position)
        page.bind(2, last.position)
        page.bind(3, Int64.max)
        var frontier = frontier
        try reader.forEach(page) { event in
            guard try LeafEntry(of: event, logIdentity: identity).leafHash == event.leafHash else { throw Self.damaged(event.position) }
            if let hash = event.attachmentHash {
                attachment.bind(1, event.position)
                guard try attachment.step(), Hash256.of(attachment.bytes(0)) == hash else { throw Self.damaged(event.position) }
                attachment.reset()
            }
            frontier.append(event.leafHash)
        }
        guard frontier.size == last.position, frontier.root == last.rootHash else { throw otherHistory }
        guard let stored = try StoredHead.read(on: connection), stored.frontier == frontier.bytes else {
            throw EventStoreError(.corrupted, "The log's head row does not hold together: run verify on the log.")
        }
    }

    private static func damaged(_ position: Int64) -> EventStoreError {
        var facts = EventStoreError.Facts()
        facts.position = position
        return EventStoreError(.corrupted, "The event at position \(position) is not what its leaf covers: run verify on the log.", facts: facts)
    }
}
