import Synchronization
public import Timekeeping

/// An event log that forgets everything when the process ends: for tests and simulations. Keeps the same contract as
/// ``SQLiteEventLog``, leaf and root hashes included, but for durability.
public final class InMemoryEventLog: EventLog {
    private struct Command {
        var stored: StoredCommand
        var scope: String
        var repeats: Int64 = 0
        var reuses: Int64 = 0
    }

    private struct State {
        var events: [RecordedEvent] = []
        var ids: Set<EventID> = []
        /// For each stream, the positions of its events.
        var streams: [StreamID: [Int64]] = [:]
        var attachments: [Int64: [UInt8]] = [:]
        var commands: [[UInt8]: Command] = [:]
        var frontier = MerkleFrontier()
        /// Of ``frontier``; nil until somebody asks again.
        var root: Hash256?
        var isClosed = false

        var position: Int64 { Int64(events.count) }

        func version(of stream: StreamID) -> Int64 { Int64(streams[stream]?.count ?? 0) }
    }

    public let identity: String
    public let epoch: Int64 = 1
    private let sealer: any PayloadSealer
    private let time: TimeSource
    private let state = Mutex(State())
    private let signal = CommitSignal(position: 0)

    /// - Parameters:
    ///   - identity: the territory's name, part of every leaf.
    ///   - sealer: seals what is kept.
    ///   - time: gives the recorded times.
    public init(identity: String, sealer: any PayloadSealer = PlainSealer(), time: TimeSource = .system) {
        self.identity = identity
        self.sealer = sealer
        self.time = time
    }

    // MARK: Appending

    public func append(_ request: AppendRequest) async throws -> AppendOutcome {
        let prepared = try await PreparedAppend(request, logIdentity: identity, sealer: sealer)
        let (outcome, position) = try state.withLock { state in
            (try apply(prepared, to: &state), state.position)
        }
        signal.advance(to: position)
        return try outcome.opened(by: sealer)
    }

    public func close() async {
        state.withLock { $0.isClosed = true }
        signal.close(with: Self.closed)
    }

    private func apply(_ request: PreparedAppend, to state: inout State) throws -> StoredOutcome {
        guard !state.isClosed else { throw Self.closed }
        if let command = request.command, let known = state.commands[command.digest] {
            guard known.stored.isRepeated(by: command.key) else {
                state.commands[command.digest]?.reuses += 1
                throw known.stored.refusal(of: command.key)
            }
            state.commands[command.digest]?.repeats += 1
            return .repeated(known.stored)
        }
        for write in request.writes {
            let version = state.version(of: write.stream)
            guard write.expected.accepts(version) else {
                throw EventStoreError.wrongExpectedVersion(stream: write.stream, expected: write.expected, actual: version)
            }
        }
        var ids: Set<EventID> = []
        for event in request.writes.flatMap(\.events) {
            guard !state.ids.contains(event.id), ids.insert(event.id).inserted else {
                throw EventStoreError(.duplicateEventID, "The log already has an event \(event.id): make a new id for a new event.")
            }
        }
        let last = state.events.last?.recordedAt.millisecondsSinceEpoch ?? .min
        let recordedAt = Instant(millisecondsSinceEpoch: max(last, time.now().millisecondsSinceEpoch))
        let before = state.position
        for write in request.writes {
            for event in write.events { record(event, in: write.stream, at: recordedAt, in: &state) }
        }
        if let command = request.command {
            let stored = StoredCommand(
                digest: command.digest,
                requestHash: command.key.requestHash,
                position: state.position,
                recordedAt: recordedAt,
                answer: command.answer
            )
            state.commands[command.digest] = Command(stored: stored, scope: command.key.scope)
        }
        return .appended(
            AppendReceipt(
                firstPosition: state.position > before ? before + 1 : nil,
                position: state.position,
                versions: request.writes.map { state.version(of: $0.stream) },
                recordedAt: recordedAt
            )
        )
    }

    private func record(_ event: PreparedAppend.Event, in stream: StreamID, at recordedAt: Instant, in state: inout State) {
        let position = state.position + 1
        let version = state.version(of: stream) + 1
        var entry = event.entry
        entry.place(position: position, version: version, recordedAt: recordedAt)
        let envelope = event.envelope
        let leafHash = entry.leafHash
        state.events.append(
            RecordedEvent(
                position: position,
                version: version,
                stream: stream,
                id: envelope.id,
                type: envelope.type,
                source: envelope.source,
                time: envelope.time,
                recordedAt: recordedAt,
                actor: envelope.actor,
                causation: envelope.causation,
                correlation: envelope.correlation,
                keyID: envelope.keyID,
                attachmentHash: envelope.attachmentHash,
                payload: event.payload,
                leafHash: leafHash
            )
        )
        state.ids.insert(envelope.id)
        state.streams[stream, default: []].append(position)
        state.attachments[position] = event.attachment
        state.frontier.append(leafHash)
        state.root = nil
    }

    // MARK: Reading

    public func head() throws -> LogHead {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            let root = state.root ?? state.frontier.root
            state.root = root
            return LogHead(position: state.position, rootHash: root, epoch: epoch)
        }
    }

    public func read(after position: Int64, limit: Int) throws -> [RecordedEvent] {
        try withOpen { Array($0.events.dropFirst(Int(clamping: max(position, 0))).prefix(max(limit, 0))) }
    }

    public func leafHashes(after position: Int64, limit: Int) throws -> [Hash256] {
        try withOpen { $0.events.dropFirst(Int(clamping: max(position, 0))).prefix(max(limit, 0)).map(\.leafHash) }
    }

    public func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        try withOpen { state in
            let positions = (state.streams[stream] ?? []).dropFirst(Int(clamping: max(version, 1)) - 1).prefix(max(limit, 0))
            return positions.map { state.events[Int($0) - 1] }
        }
    }

    public func version(of stream: StreamID) throws -> Int64 {
        try withOpen { $0.version(of: stream) }
    }

    public func attachment(of position: Int64) throws -> [UInt8]? {
        try withOpen { $0.attachments[position] }
    }

    public func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        var reached = position
        while reached < last {
            let page = try read(after: reached, limit: 1000)
            guard !page.isEmpty else { return }
            for event in page where event.position <= last { try body(event) }
            reached = page.last?.position ?? last
        }
    }

    public func command(scope: String, key: String) throws -> RecordedCommand? {
        let stored = try withOpen { $0.commands[CommandKey.digest(scope: scope, key: key)]?.stored }
        return try stored?.opened(by: sealer)
    }

    public func commandCounts(scope: String) throws -> CommandCounts {
        try withOpen { state in
            state.commands.values.filter { $0.scope == scope }.reduce(into: CommandCounts(repeats: 0, reuses: 0)) { counts, command in
                counts.repeats += command.repeats
                counts.reuses += command.reuses
            }
        }
    }

    public func nextCommit(after position: Int64) async throws -> Int64 {
        try await signal.wait(beyond: position)
    }

    private static let closed = EventStoreError(.closed, "The log is closed: open it again.")

    private func withOpen<Value: Sendable>(_ body: (borrowing State) throws -> Value) throws -> Value {
        try state.withLock { state in
            guard !state.isClosed else { throw Self.closed }
            return try body(state)
        }
    }
}
