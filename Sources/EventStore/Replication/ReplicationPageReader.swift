/// Puts a ``ReplicationPage`` together, within one snapshot.
struct ReplicationPageReader {
    private static let longestPage = 1 << 20

    private let reader: ReadConnection
    private let cursor: LogCursor
    private let limit: Int
    private let byteLimit: Int

    init(_ reader: ReadConnection, _ cursor: LogCursor, _ limit: Int, _ byteLimit: Int) {
        self.reader = reader
        self.cursor = cursor
        self.limit = min(max(limit, 1), Self.longestPage)
        self.byteLimit = byteLimit
    }

    func page() throws -> ReplicationPage {
        guard let stored = try StoredHead.read(with: reader.statement(Queries.head)) else {
            throw EventStoreError(.corrupted, "The log has no head row: run verify.")
        }
        let head = LogHead(position: stored.position, rootHash: stored.rootHash, epoch: stored.epoch)
        guard 0...head.position ~= cursor.position else { throw ahead(of: head) }
        var events = try events(through: head.position)
        var attachments = try attachments(of: &events)
        let reached = events.last?.position ?? cursor.position
        let (commands, isCut) = try commands(through: reached)
        if isCut || reached < head.position {
            // Ends with an append, as far as commands tell; if there is none of these events, amid them.
            let boundary = commands.last?.row.position ?? 0
            if boundary > cursor.position || isCut { cut(&events, &attachments, through: boundary) }
        }
        return ReplicationPage(
            events: events,
            attachments: attachments,
            commands: commands.map(\.row),
            next: LogCursor(position: events.last?.position ?? cursor.position, command: commands.last?.number ?? cursor.command),
            head: head
        )
    }

    private func cut(_ events: inout [RecordedEvent], _ attachments: inout [ReplicatedAttachment], through last: Int64) {
        while let event = events.last, event.position > last { events.removeLast() }
        while let attachment = attachments.last, attachment.position > last { attachments.removeLast() }
    }

    private func events(through last: Int64) throws -> [RecordedEvent] {
        guard last > cursor.position else { return [] }
        let page = try reader.statement(Queries.page)
        page.bind(1, cursor.position)
        page.bind(2, last)
        page.bind(3, Int64(limit))
        var events: [RecordedEvent] = []
        events.reserveCapacity(Int(clamping: min(Int64(limit), last - cursor.position)))
        var bytes = 0
        try reader.read(page) { event in
            guard event.position == cursor.position + Int64(events.count) + 1 else {
                throw EventStoreError(.corrupted, "There is no event at position \(cursor.position + Int64(events.count) + 1): run verify.")
            }
            bytes += event.payload.count
            events.append(event)
            return bytes < byteLimit
        }
        guard !events.isEmpty else {
            throw EventStoreError(.corrupted, "There is no event at position \(cursor.position + 1): run verify.")
        }
        return events
    }

    /// Those of `events`, which end with the one whose attachment reaches the limit.
    private func attachments(of events: inout [RecordedEvent]) throws -> [ReplicatedAttachment] {
        guard events.contains(where: { $0.attachmentHash != nil }), let last = events.last?.position else { return [] }
        let rows = try reader.statement(Queries.attachmentPage)
        rows.bind(1, cursor.position)
        rows.bind(2, last)
        defer { rows.reset() }
        var attachments: [ReplicatedAttachment] = []
        var bytes = 0
        while try rows.step() {
            let attachment = ReplicatedAttachment(position: rows.int64(0), bytes: rows.bytes(1))
            attachments.append(attachment)
            bytes += attachment.bytes.count
            if bytes >= byteLimit {
                while let event = events.last, event.position > attachment.position { events.removeLast() }
                break
            }
        }
        return attachments
    }

    /// The commands after the cursor that are about events through `last`, and whether there are more of them.
    private func commands(through last: Int64) throws -> (rows: [(number: Int64, row: ReplicatedCommand)], isCut: Bool) {
        let page = try reader.statement(Queries.commandPage)
        page.bind(1, cursor.command)
        // One more, to know whether there are more.
        page.bind(2, Int64(limit) + 1)
        defer { page.reset() }
        var rows: [(number: Int64, row: ReplicatedCommand)] = []
        var bytes = 0
        while try page.step() {
            // Positions never fall from one command to the next.
            guard page.int64(5) <= last else { return (rows, false) }
            guard rows.count < limit, rows.isEmpty || bytes < byteLimit else { return (rows, true) }
            let row = try CommandRow.current(of: page)
            bytes += row.command.answer.bytes.count
            rows.append((row.number, ReplicatedCommand(row)))
        }
        return (rows, false)
    }

    private func ahead(of head: LogHead) -> EventStoreError {
        var facts = EventStoreError.Facts()
        facts.position = head.position
        return EventStoreError(
            .checkpointAhead,
            "The log ends at \(head.position), and was handed over through \(cursor.position): it was replaced by an older state. Do not "
                + "publish from it.",
            facts: facts
        )
    }
}

extension ReplicatedCommand {
    init(_ row: CommandRow) {
        self.init(
            digest: row.command.digest,
            scope: row.scope,
            requestHash: row.command.requestHash,
            isLasting: row.isLasting,
            position: row.command.position,
            recordedAt: row.command.recordedAt,
            answer: row.command.answer.bytes,
            answerStream: row.command.answer.stream,
            answerKeyID: row.command.answer.keyID
        )
    }
}
