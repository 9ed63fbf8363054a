import Timekeeping

/// An append request with all that can be done in the caller's task done: checked, sealed, hashed, encoded.
struct PreparedAppend: Sendable {
    struct Command: Sendable {
        var digest: [UInt8]
        var key: CommandKey
        var answer: StoredAnswer
    }

    struct Event: Sendable {
        var id: EventID
        /// The envelope, with zeros where the log writes.
        var entry: LeafEntry
        var payload: [UInt8]
        var attachment: [UInt8]?
        /// The rest of the row, for logs that keep values rather than rows.
        var envelope: LeafEntry.AuthorPart
    }

    struct Write: Sendable {
        var stream: StreamID
        var expected: ExpectedVersion
        var events: [Event]
    }

    var command: Command?
    var writes: [Write]
    /// Bytes of payload and attachment, for bounding a batch.
    var size: Int

    /// Largest stored payload or attachment: one append must not hold up the others for long.
    static let partLimit = 16 << 20

    init(_ request: AppendRequest, logIdentity: String, sealer: any PayloadSealer) async throws {
        guard Set(request.writes.map(\.stream)).count == request.writes.count else {
            throw EventStoreError(.invalidRequest, "A stream appears twice in one request: put its events in one write.")
        }
        let answerSubject =
            request.answerSealedFor ?? request.writes.first.map { SealingRequest(stream: $0.stream, patient: $0.patient) }
        var keys = try await Self.keys(of: request, answerSubject, sealer)
        writes = []
        size = 0
        for write in request.writes {
            var events: [Event] = []
            for event in write.events {
                let keyID = event.isInClear ? nil : keys.next() ?? nil
                let prepared = try Self.prepare(event, stream: write.stream, keyID: keyID, logIdentity: logIdentity, sealer: sealer)
                size += prepared.payload.count + (prepared.attachment?.count ?? 0)
                events.append(prepared)
            }
            writes.append(Write(stream: write.stream, expected: write.expected, events: events))
        }
        if let key = request.command {
            command = try Self.prepare(key, request.answer, answerSubject?.stream, keyID: keys.next() ?? nil, sealer: sealer)
        }
    }

    /// A key for each event in order, then that of the answer: asked for together, so that new ones share one commit.
    private static func keys(
        of request: AppendRequest,
        _ answerSubject: SealingRequest?,
        _ sealer: any PayloadSealer
    ) async throws -> IndexingIterator<[String?]> {
        var wanted: [SealingRequest] = []
        for write in request.writes {
            let own = SealingRequest(stream: write.stream, patient: write.patient)
            wanted += write.events.filter { !$0.isInClear }.map { $0.sealedFor ?? own }
        }
        if request.command != nil, !request.answer.isEmpty, let answerSubject { wanted.append(answerSubject) }
        if wanted.isEmpty { return [String?]().makeIterator() }
        let keys = try await sealer.sealingKeys(for: wanted)
        guard keys.count == wanted.count else {
            throw EventStoreError(.invalidRequest, "The sealer gave \(keys.count) keys for \(wanted.count) requests.")
        }
        return keys.makeIterator()
    }

    private static func prepare(
        _ event: NewEvent,
        stream: StreamID,
        keyID: String?,
        logIdentity: String,
        sealer: any PayloadSealer
    ) throws -> Event {
        guard !event.type.isEmpty, !event.source.isEmpty else {
            throw EventStoreError(.invalidEvent, "Event \(event.id) has no type or no source: both are required.")
        }
        func seal(_ plaintext: [UInt8], _ part: AssociatedData.Part) throws -> [UInt8] {
            let associatedData = AssociatedData.ofEvent(
                part,
                id: event.id,
                type: event.type,
                source: event.source,
                stream: stream,
                time: event.time,
                keyID: keyID
            )
            let sealed = event.isInClear ? plaintext : try sealer.seal(plaintext, keyID: keyID, associatedData: associatedData)
            guard sealed.count <= partLimit else {
                throw EventStoreError(.invalidEvent, "The \(part) of event \(event.id) has \(sealed.count) bytes; at most \(partLimit) are kept.")
            }
            return sealed
        }
        let payload = try seal(event.payload, .payload)
        let attachment = try event.attachment.map { try seal($0, .attachment) }
        let envelope = LeafEntry.AuthorPart(
            logIdentity: logIdentity,
            id: event.id,
            type: event.type,
            source: event.source,
            stream: stream,
            time: event.time,
            causation: event.causation,
            correlation: event.correlation,
            actor: event.actor,
            keyID: keyID,
            attachmentHash: attachment.map { Hash256.of($0) },
            payloadHash: Hash256.of(payload)
        )
        return Event(id: event.id, entry: try LeafEntry(envelope), payload: payload, attachment: attachment, envelope: envelope)
    }

    private static func prepare(
        _ key: CommandKey,
        _ answer: [UInt8],
        _ stream: StreamID?,
        keyID: String?,
        sealer: any PayloadSealer
    ) throws -> Command {
        guard !key.scope.isEmpty, key.scope.utf8.count < LeafEntry.sizeLimit else {
            throw EventStoreError(.invalidRequest, "A command key needs a scope of 1 to \(LeafEntry.sizeLimit - 1) bytes.")
        }
        let digest = CommandKey.digest(scope: key.scope, key: key.key)
        guard !answer.isEmpty else {
            return Command(digest: digest, key: key, answer: StoredAnswer(bytes: [], stream: nil, keyID: nil))
        }
        guard let stream else {
            throw EventStoreError(.invalidRequest, "An answer beside no write needs answerSealedFor, to be sealed under its key.")
        }
        let associatedData = AssociatedData.ofAnswer(
            commandDigest: digest,
            requestHash: key.requestHash,
            stream: stream,
            keyID: keyID
        )
        let sealed = try sealer.seal(answer, keyID: keyID, associatedData: associatedData)
        guard sealed.count <= partLimit else {
            throw EventStoreError(.invalidRequest, "The answer has \(sealed.count) bytes; at most \(partLimit) are kept.")
        }
        return Command(digest: digest, key: key, answer: StoredAnswer(bytes: sealed, stream: stream, keyID: keyID))
    }
}
