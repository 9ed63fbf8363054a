import Timekeeping

/// A batch with all that can be checked without the log checked, in the caller's task: every hash is recomputed, every event encoded.
struct PreparedBatch: Sendable {
    struct Event: Sendable {
        /// With the entry in its place: what is stored is what was hashed.
        var event: PreparedAppend.Event
        var stream: StreamID
        var position: Int64
        var version: Int64
        var recordedAt: Int64
        var leafHash: Hash256
    }

    var events: [Event]
    var commands: [CommandRow]
    var epoch: Int64
    var first: Int64
    var last: Int64
    var rootHash: Hash256

    /// - Throws: ``EventStoreError`` `invalidBatch` if it is not what a log with this identity exports.
    init(_ batch: LogBatch, logIdentity: String) throws {
        let (before, overflow) = batch.last.subtractingReportingOverflow(Int64(batch.events.count))
        guard !overflow, before >= 0, batch.last < Int64.max else { throw EventStoreError.invalidBatch("A batch has an impossible end", at: nil) }
        guard 0..<Int64.max - StoredHead.restorationStep ~= batch.epoch else {
            throw EventStoreError.invalidBatch("A batch has an impossible epoch", at: nil)
        }
        first = before + 1
        last = batch.last
        epoch = batch.epoch
        rootHash = batch.rootHash
        events = []
        events.reserveCapacity(batch.events.count)
        var attachments = batch.attachments[...]
        var expected = first
        for event in batch.events {
            guard event.position == expected else { throw EventStoreError.invalidBatch("An event is out of its place", at: expected) }
            events.append(try Self.prepare(event, &attachments, logIdentity))
            expected += 1
        }
        if let extra = attachments.first { throw EventStoreError.invalidBatch("An attachment belongs to no event", at: extra.position) }
        commands = try batch.commands.map { try Self.prepare($0, through: batch.last) }
    }

    private static func prepare(
        _ event: RecordedEvent,
        _ attachments: inout ArraySlice<ReplicatedAttachment>,
        _ logIdentity: String
    ) throws -> Event {
        let position = event.position
        guard !event.type.isEmpty, !event.source.isEmpty, event.version > 0, event.payload.count <= PreparedAppend.partLimit else {
            throw EventStoreError.invalidBatch("An event is not one that a log records", at: position)
        }
        var attachment: [UInt8]?
        if let hash = event.attachmentHash {
            guard let next = attachments.popFirst(), next.position == position, next.bytes.count <= PreparedAppend.partLimit else {
                throw EventStoreError.invalidBatch("The attachment of the event is missing", at: position)
            }
            guard Hash256.of(next.bytes) == hash else { throw EventStoreError.invalidBatch("The attachment is not the event's", at: position) }
            attachment = next.bytes
        }
        let envelope = LeafEntry.AuthorPart(of: event, logIdentity: logIdentity)
        guard var entry = try? LeafEntry(envelope) else { throw EventStoreError.invalidBatch("The envelope is too large", at: position) }
        entry.place(position: position, version: event.version, recordedAt: event.recordedAt)
        guard entry.leafHash == event.leafHash else {
            throw EventStoreError.invalidBatch("The event is not what its leaf hash covers", at: position)
        }
        return Event(
            event: PreparedAppend.Event(id: event.id, entry: entry, payload: event.payload, attachment: attachment, envelope: envelope),
            stream: event.stream,
            position: position,
            version: event.version,
            recordedAt: event.recordedAt.millisecondsSinceEpoch,
            leafHash: event.leafHash
        )
    }

    private static func prepare(_ command: ReplicatedCommand, through last: Int64) throws -> CommandRow {
        guard command.digest.count == Bits128.byteCount, 1..<LeafEntry.sizeLimit ~= command.scope.utf8.count,
            0...last ~= command.position, command.answer.count <= PreparedAppend.partLimit,
            // Only an empty answer is sealed for nobody.
            command.answer.isEmpty ? command.answerStream == nil && command.answerKeyID == nil : command.answerStream != nil
        else { throw EventStoreError.invalidBatch("A command is not one that a log records", at: command.position) }
        return CommandRow(
            number: 0,
            scope: command.scope,
            isLasting: command.isLasting,
            command: StoredCommand(
                digest: command.digest,
                requestHash: command.requestHash,
                position: command.position,
                recordedAt: command.recordedAt,
                answer: StoredAnswer(bytes: command.answer, stream: command.answerStream, keyID: command.answerKeyID)
            )
        )
    }
}
