import Timekeeping

/// The writer's connection: applies prepared requests inside a transaction and keeps the log's head in memory.
///
/// Not thread-safe: ``CommitWriter`` uses it on its queue only.
final class WriterSession {
    /// What is known of the log's end. A copy is kept at each commit, and returned to after a rollback.
    struct End {
        var frontier = MerkleFrontier()
        var commands = CommandTally()
        var recordedAt: Int64 = .min
        var lastStream: Int64 = 0
        var lastCommand: Int64 = 0
        var epoch: Int64

        init(epoch: Int64, frontier: MerkleFrontier = MerkleFrontier(), commands: CommandTally = CommandTally()) {
            self.epoch = epoch
            self.frontier = frontier
            self.commands = commands
        }

        var position: Int64 { frontier.size }
    }

    let connection: Connection
    private(set) var role: LogRole
    private let time: TimeSource
    let statements: WriterStatements
    private var committed: End
    var end: End
    /// The highest epoch that a commit which failed may have left behind.
    private var attemptedEpoch: Int64
    /// The tree over a beginning of the log, for batches that come again.
    var repeated = MerkleFrontier()
    var heads = StreamHeadCache(capacity: 20_000)
    var hasChanges = false

    /// - Parameter epoch: what the log's epoch was raised to for this session.
    init(connection: Connection, time: TimeSource, epoch: Int64, role: LogRole) throws {
        self.connection = connection
        self.time = time
        self.role = role
        committed = End(epoch: epoch)
        end = committed
        attemptedEpoch = epoch
        statements = try WriterStatements(connection)
        try reload()
    }

    /// Position of the last committed event.
    var position: Int64 { committed.position }

    /// The last command committed.
    var lastCommand: Int64 { committed.lastCommand }

    /// Which opening for writing this is; of a replica, that of its writer.
    var epoch: Int64 { committed.epoch }

    /// The head committed last.
    var head: LogHead { LogHead(position: committed.position, rootHash: committed.frontier.root, epoch: committed.epoch) }

    /// What a later session must find, if this one cannot go on.
    var resumePoint: ResumePoint { ResumePoint(acknowledged: committed.frontier, epoch: epoch, through: attemptedEpoch) }

    /// Reads the log's end from disk.
    func reload() throws {
        guard let head = try StoredHead.read(on: connection),
            let frontier = head.frontier.withUnsafeBytes({ MerkleFrontier(size: head.position, bytes: $0) }),
            frontier.root == head.rootHash,
            let commands = try CommandTally.read(on: connection)
        else {
            throw EventStoreError(.corrupted, "The log's head row does not hold together: run verify.")
        }
        var end = End(epoch: committed.epoch, frontier: frontier, commands: commands)
        if head.position > 0 {
            let last = try connection.prepare(Queries.lastRecordedAt)
            last.bind(1, head.position)
            guard try last.step() else {
                throw EventStoreError(.corrupted, "The log's head says \(head.position), but there is no such event: run verify.")
            }
            end.recordedAt = last.int64(0)
        }
        end.lastStream = try connection.integer(Queries.lastStream) ?? 0
        end.lastCommand = try connection.integer(Queries.lastCommand) ?? 0
        committed = end
        self.end = end
        heads.removeAll()
    }

    // MARK: Transaction

    func begin() throws {
        try statements.begin.run()
        hasChanges = false
    }

    /// Moves the head and makes the transaction durable.
    func commit() throws {
        if hasChanges {
            let moveHead = statements.moveHead
            let head = StoredHead(position: end.position, rootHash: end.frontier.root, epoch: end.epoch, frontier: end.frontier.bytes)
            moveHead.bind(1, head.position)
            moveHead.bind(2, copying: head.rootHash.bytes)
            moveHead.bind(3, copying: head.frontier)
            moveHead.bind(4, committed.epoch)
            moveHead.bind(5, end.commands.count)
            moveHead.bind(6, copying: end.commands.sum.bytes)
            moveHead.bind(7, copying: head.rowHash(end.commands).bytes)
            moveHead.bind(8, end.epoch)
            attemptedEpoch = max(attemptedEpoch, end.epoch)
            try moveHead.run()
            guard connection.changes == 1 else { throw try fencedOff() }
        }
        try statements.commit.run()
        committed = end
    }

    /// Forgets all since ``begin()``.
    func rollBack() {
        connection.rollBack()
        end = committed
        repeated = MerkleFrontier()
        heads.removeAll()
    }

    /// From now on the log is a writer's, in an epoch that its former writer cannot reach. Not to be called in a transaction.
    func promote() throws {
        attemptedEpoch = max(attemptedEpoch, StoredHead.promotedEpoch(after: committed.epoch))
        committed.epoch = try StoredHead.promote(on: connection)
        end = committed
        role = .writer
    }

    private func fencedOff() throws -> EventStoreError {
        var facts = EventStoreError.Facts()
        facts.epoch = try StoredHead.read(on: connection)?.epoch
        let other = facts.epoch.map { "epoch \($0)" } ?? "another epoch"
        return EventStoreError(.ownedByAnother, "The log was taken over by \(other); this writer is of epoch \(epoch): stop it.", facts: facts)
    }

    // MARK: One request

    /// Records `request`, or says why not; what is refused leaves no trace but a counter.
    ///
    /// - Throws: what makes the transaction useless; it must then be rolled back.
    func apply(_ request: PreparedAppend) throws -> Result<StoredOutcome, EventStoreError> {
        let recordedAt = max(end.recordedAt, time.now().millisecondsSinceEpoch)
        let conflict = try findConflict(request)
        if let command = request.command {
            // A repetition is recognised before a conflict: what it expected was true the first time. Where nothing
            // conflicts, the insertion itself tells whether the command is new, and saves a look-up.
            let isNew = try conflict == nil && insert(command, of: request, recordedAt: recordedAt)
            if !isNew {
                if let row = try CommandRow.read(command.digest, with: statements.command) { return try count(command, again: row) }
                guard conflict != nil else {
                    throw EventStoreError(.corrupted, "The command index names a row that is not there: run verify.")
                }
            }
        }
        if let conflict { return .failure(conflict) }
        let first = end.position + 1
        var versions: [Int64] = []
        for write in request.writes {
            versions.append(try append(write, recordedAt: recordedAt))
        }
        hasChanges = true
        let receipt = AppendReceipt(
            firstPosition: end.position >= first ? first : nil,
            position: end.position,
            versions: versions,
            recordedAt: Instant(millisecondsSinceEpoch: recordedAt)
        )
        return .success(.appended(receipt))
    }

    private func findConflict(_ request: PreparedAppend) throws -> EventStoreError? {
        for write in request.writes {
            // Without events there is nothing to conflict with, unless a version is stated.
            let version = try head(of: write.stream)?.version ?? 0
            if !write.expected.accepts(version) {
                return .wrongExpectedVersion(stream: write.stream, expected: write.expected, actual: version)
            }
        }
        return nil
    }

    func head(of stream: StreamID) throws -> StreamHeadCache.Head? {
        if let head = heads.head(of: stream) { return head }
        let lookUp = statements.streamHead
        lookUp.bind(1, copying: stream.bytes)
        guard try lookUp.step() else { return nil }
        defer { lookUp.reset() }
        let head = StreamHeadCache.Head(number: lookUp.int64(0), version: lookUp.int64(1))
        heads.set(head, of: stream)
        return head
    }

    private func count(_ command: PreparedAppend.Command, again row: CommandRow) throws -> Result<StoredOutcome, EventStoreError> {
        let oldHash = row.hash
        // A damaged row must not be given a fresh hash.
        guard try storedHash(ofCommand: row.number) == oldHash else {
            throw RequestRefusal(
                error: EventStoreError(.corrupted, "The row of a repeated command is not what the log wrote: run verify.")
            )
        }
        let isRepetition = row.command.isRepeated(by: command.key)
        var row = row
        if isRepetition { row.repeats += 1 } else { row.reuses += 1 }
        let newHash = row.hash
        let countAgain = statements.countAgain
        countAgain.bind(1, copying: command.digest)
        countAgain.bind(2, row.repeats)
        countAgain.bind(3, row.reuses)
        countAgain.bind(4, copying: newHash.bytes)
        try countAgain.run()
        end.commands.replace(oldHash, by: newHash)
        hasChanges = true
        return isRepetition ? .success(.repeated(row.command)) : .failure(row.command.refusal(of: command.key))
    }

    private func storedHash(ofCommand number: Int64) throws -> RowHash? {
        let lookUp = statements.commandHash
        lookUp.bind(1, number)
        guard try lookUp.step() else { return nil }
        defer { lookUp.reset() }
        return RowHash(bytes: lookUp.blob(0))
    }

    /// False if the command is known already.
    private func insert(_ command: PreparedAppend.Command, of request: PreparedAppend, recordedAt: Int64) throws -> Bool {
        let eventCount = request.writes.reduce(0) { $0 + $1.events.count }
        let row = CommandRow(
            number: end.lastCommand + 1,
            scope: command.key.scope,
            isLasting: command.key.match == .keyAlone,
            command: StoredCommand(
                digest: command.digest,
                requestHash: command.key.requestHash,
                position: end.position + Int64(eventCount),
                recordedAt: Instant(millisecondsSinceEpoch: recordedAt),
                answer: command.answer
            )
        )
        return try insert(row)
    }

    /// - Parameter row: with the next number.
    /// - Returns: false if the command is known already.
    func insert(_ row: CommandRow) throws -> Bool {
        let hash = row.hash
        row.bind(to: statements.insertCommand, hash: hash)
        try statements.insertCommand.run()
        guard connection.changes == 1 else { return false }
        end.lastCommand += 1
        end.commands.add(hash)
        hasChanges = true
        return true
    }

    private func append(_ write: PreparedAppend.Write, recordedAt: Int64) throws -> Int64 {
        guard !write.events.isEmpty else { return try head(of: write.stream)?.version ?? 0 }
        var head = try head(of: write.stream) ?? insertStream(write.stream)
        for event in write.events {
            head.version += 1
            try insert(event, number: head.number, version: head.version, recordedAt: recordedAt)
        }
        heads.set(head, of: write.stream)
        return head.version
    }

    func insertStream(_ stream: StreamID) throws -> StreamHeadCache.Head {
        let insert = statements.insertStream
        insert.bind(1, end.lastStream + 1)
        insert.bind(2, copying: stream.bytes)
        try insert.run()
        end.lastStream += 1
        return StreamHeadCache.Head(number: end.lastStream, version: 0)
    }

    private func insert(_ event: PreparedAppend.Event, number: Int64, version: Int64, recordedAt: Int64) throws {
        let position = end.position + 1
        var entry = event.entry
        entry.place(position: position, version: version, recordedAt: Instant(millisecondsSinceEpoch: recordedAt))
        let leafHash = entry.leafHash
        do {
            try statements.insertEvent(event, entry: entry, leafHash: leafHash, stream: number)
        } catch let error as EventStoreError where error.isUniquenessViolation {
            throw RequestRefusal(
                error: EventStoreError(.duplicateEventID, "The log already has an event \(event.id): make a new id for a new event.")
            )
        }
        if let attachment = event.attachment {
            let insert = statements.insertAttachment
            try attachment.withUnsafeBytes { bytes in
                insert.bind(1, position)
                insert.bind(2, lending: bytes)
                try insert.run()
            }
        }
        end.frontier.append(leafHash)
        end.recordedAt = recordedAt
    }
}

/// A request that turned out unacceptable after part of it was written: the batch is rolled back and run again
/// without it.
struct RequestRefusal: Error {
    let error: EventStoreError
}
