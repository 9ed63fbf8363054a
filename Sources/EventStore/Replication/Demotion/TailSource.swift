/// The log that is cut: writes its tail, and copies its beginning. Nobody else writes to it.
struct TailSource {
    let head: StoredHead
    private let connection: Connection
    private let identity: String
    private let cut: LogCut
    /// Over the events that stay.
    private let frontier: MerkleFrontier
    private let commandCount: Int64

    /// Whether nothing is to be cut off.
    var isEmpty: Bool { head.position == cut.position && commandCount == 0 }

    /// - Throws: ``EventStoreError`` `forked`, `invalidRequest`, `corrupted`.
    init(_ connection: Connection, identity: String, _ cut: LogCut) throws {
        guard let head = try StoredHead.read(on: connection) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        guard cut.position <= head.position else {
            throw EventStoreError(.invalidRequest, "The log ends at \(head.position): it has nothing after \(cut.position) to set aside.")
        }
        var frontier = MerkleFrontier()
        let leaves = try connection.prepare(Queries.leafHashesThrough)
        leaves.bind(1, 0)
        leaves.bind(2, cut.position)
        while try leaves.step() {
            guard let leaf = Hash256(bytes: leaves.blob(0)) else { break }
            frontier.append(leaf)
        }
        guard frontier.size == cut.position else {
            throw EventStoreError(.corrupted, "There is no leaf hash at position \(frontier.size + 1): run verify.")
        }
        if let rootHash = cut.rootHash, rootHash != frontier.root { throw EventStoreError.forked("The Merkle root", at: cut.position) }
        let count = try connection.prepare("SELECT count(*) FROM command WHERE NOT (\(cut.commandCondition))")
        cut.bind(to: count)
        commandCount = try count.step() ? count.int64(0) : 0
        self.connection = connection
        self.identity = identity
        self.head = head
        self.cut = cut
        self.frontier = frontier
    }

    // MARK: The tail

    func write(to path: String) throws {
        let writer = try TailWriter(
            path,
            head: TailFormat.Head(identity: identity, last: head.position, epoch: head.epoch, rootHash: head.rootHash, frontier: frontier)
        )
        let reader = ReadConnection(connection)
        let page = try reader.statement(Queries.page)
        page.bind(1, cut.position)
        page.bind(2, head.position)
        page.bind(3, Int64.max)
        let attachment = try reader.statement(Queries.attachment)
        try reader.forEach(page) { event in
            try writer.append(TailFormat.record(event))
            guard event.attachmentHash != nil else { return }
            attachment.bind(1, event.position)
            guard try attachment.step() else {
                throw EventStoreError(.corrupted, "The attachment of the event at position \(event.position) is missing: run verify.")
            }
            let bytes = attachment.bytes(0)
            attachment.reset()
            try writer.append(TailFormat.record(ReplicatedAttachment(position: event.position, bytes: bytes)))
        }
        let commands = try connection.prepare(
            """
            SELECT number, digest, scope, request_hash, lasting, position, recorded_at, answer, answer_stream, answer_key, repeats, reuses
            FROM command WHERE NOT (\(cut.commandCondition)) ORDER BY number
            """
        )
        cut.bind(to: commands)
        while try commands.step() { try writer.append(TailFormat.record(ReplicatedCommand(CommandRow.current(of: commands)))) }
        try writer.finish()
    }

    /// Whether a file that was read holds all that is cut off.
    func isWhole(_ tail: LogTail.Summary) -> Bool {
        tail.identity == identity && tail.after == cut.position && tail.last == head.position && tail.rootHash == head.rootHash
            && tail.commandCount == commandCount
    }

    // MARK: The beginning

    /// Makes a replica of what stays, in an empty directory. Nobody reads the file before it is verified and synced.
    func copyBeginning(to directory: DataDirectory) throws {
        try directory.createLogFile()
        let copy = try Connection(path: directory.log, access: .writing)
        try copy.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536")
        try Schema.create(on: copy, identity: identity, role: .replica)
        try copy.transaction {
            let lastStream = try copyEvents(to: copy)
            let streams = try connection.prepare("SELECT * FROM stream WHERE id <= ?1 ORDER BY id")
            streams.bind(1, lastStream)
            try copy.insertAll(streams, into: "stream")
            let attachments = try connection.prepare("SELECT * FROM attachment WHERE position <= ?1 ORDER BY position")
            attachments.bind(1, cut.position)
            try copy.insertAll(attachments, into: "attachment")
            try moveHead(of: copy, copyCommands(to: copy))
            try StoredRole(role: .replica, epoch: cut.epoch).write(on: copy)
        }
    }

    /// - Returns: number of the last stream that they are of; streams are numbered in the order of their first events.
    private func copyEvents(to copy: Connection) throws -> Int64 {
        let events = try connection.prepare("SELECT * FROM event WHERE position <= ?1 ORDER BY position")
        events.bind(1, cut.position)
        let stream = try events.column(named: "stream")
        let insert = try copy.insertion(of: events, into: "event")
        var last: Int64 = 0
        while try events.step() {
            last = max(last, events.int64(stream))
            insert.bindRow(of: events)
            try insert.run()
        }
        return last
    }

    private func copyCommands(to copy: Connection) throws -> CommandTally {
        let commands = try connection.prepare("SELECT * FROM command WHERE \(cut.commandCondition) ORDER BY number")
        cut.bind(to: commands)
        let hash = try commands.column(named: "row_hash")
        let insert = try copy.insertion(of: commands, into: "command")
        var tally = CommandTally()
        while try commands.step() {
            guard let hash = RowHash(bytes: commands.blob(hash)) else {
                throw EventStoreError(.corrupted, "A command row has no hash of the right length: run verify.")
            }
            tally.add(hash)
            insert.bindRow(of: commands)
            try insert.run()
        }
        return tally
    }

    private func moveHead(of copy: Connection, _ commands: CommandTally) throws {
        let head = StoredHead(position: cut.position, rootHash: frontier.root, epoch: cut.epoch, frontier: frontier.bytes)
        let move = try copy.prepare(Queries.moveHead)
        move.bind(1, head.position)
        move.bind(2, copying: head.rootHash.bytes)
        move.bind(3, copying: head.frontier)
        // That of a new log.
        move.bind(4, 0)
        move.bind(5, commands.count)
        move.bind(6, copying: commands.sum.bytes)
        move.bind(7, copying: head.rowHash(commands).bytes)
        move.bind(8, head.epoch)
        try move.run()
    }
}
