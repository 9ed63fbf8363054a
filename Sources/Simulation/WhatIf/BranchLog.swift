import EventStore
import Synchronization
import Timekeeping

/// A log that is history up to one position, and then its own story, in memory. It keeps no hashes and no command keys: nobody proves
/// anything of it, and nothing in it is asked twice.
final class BranchLog: EventLog {
    /// What somebody wanted to append to a log that only listens.
    struct Proposal: Error {
        let request: AppendRequest
    }

    private struct State {
        var limit: Int64
        var events: [RecordedEvent] = []
        var streams: [StreamID: [Int]] = [:]
    }

    let identity: String
    let epoch: Int64 = 1
    private let history: History
    private let time: TimeSource
    private let onlyListens: Bool
    private let state: Mutex<State>

    /// - Parameters:
    ///   - limit: the position up to which it is history.
    ///   - time: gives the recorded times.
    ///   - onlyListens: an append that would succeed throws ``Proposal`` instead.
    init(_ history: History, upTo limit: Int64, time: TimeSource, onlyListens: Bool) {
        identity = history.identity
        self.history = history
        self.time = time
        self.onlyListens = onlyListens
        state = Mutex(State(limit: limit))
    }

    /// Lets more of history be seen; of a log that only listens.
    func advance(to position: Int64) { state.withLock { $0.limit = max($0.limit, min(position, history.head)) } }

    func append(_ request: AppendRequest) async throws -> AppendOutcome {
        try state.withLock { state in
            for write in request.writes {
                let version = version(of: write.stream, in: state)
                switch write.expected {
                case .any: continue
                case .noStream where version == 0: continue
                case .exactly(version): continue
                case .noStream, .exactly: throw EventStoreError(.wrongExpectedVersion, "The stream has moved on.")
                }
            }
            if onlyListens { throw Proposal(request: request) }
            let before = state.limit + Int64(state.events.count)
            let last = state.events.last?.recordedAt ?? (state.limit > 0 ? history[state.limit].recordedAt : Instant(millisecondsSinceEpoch: .min))
            let recordedAt = max(last, time.now())
            for write in request.writes {
                for event in write.events { record(event, in: write.stream, at: recordedAt, &state) }
            }
            let position = state.limit + Int64(state.events.count)
            return .appended(
                AppendReceipt(
                    firstPosition: position > before ? before + 1 : nil,
                    position: position,
                    versions: request.writes.map { version(of: $0.stream, in: state) },
                    recordedAt: recordedAt
                )
            )
        }
    }

    private func record(_ event: NewEvent, in stream: StreamID, at recordedAt: Instant, _ state: inout State) {
        let version = version(of: stream, in: state) + 1
        state.streams[stream, default: []].append(state.events.count)
        state.events.append(
            RecordedEvent(
                position: state.limit + Int64(state.events.count) + 1,
                version: version,
                stream: stream,
                id: event.id,
                type: event.type,
                source: event.source,
                time: event.time,
                recordedAt: recordedAt,
                actor: event.actor,
                causation: event.causation,
                correlation: event.correlation,
                keyID: nil,
                attachmentHash: nil,
                payload: event.payload,
                leafHash: Self.noHash
            )
        )
    }

    private static let noHash = Hash256.of([UInt8]())

    private func version(of stream: StreamID, in state: borrowing State) -> Int64 {
        history.version(of: stream, at: state.limit) + Int64(state.streams[stream]?.count ?? 0)
    }

    // MARK: - Reading

    func head() throws -> LogHead {
        state.withLock { LogHead(position: $0.limit + Int64($0.events.count), rootHash: Self.noHash, epoch: epoch) }
    }

    func read(after position: Int64, limit: Int) throws -> [RecordedEvent] {
        state.withLock { state in
            let first = max(position, 0) + 1
            let last = min(state.limit + Int64(state.events.count), first + Int64(min(max(limit, 0), 1 << 40)) - 1)
            guard first <= last else { return [] }
            return (first...last).map { $0 <= state.limit ? history[$0] : state.events[Int($0 - state.limit) - 1] }
        }
    }

    func read(stream: StreamID, fromVersion version: Int64, limit: Int) throws -> [RecordedEvent] {
        state.withLock { state in
            let past = history.version(of: stream, at: state.limit)
            let own = state.streams[stream] ?? []
            let first = max(version, 1)
            let last = min(past + Int64(own.count), first + Int64(min(max(limit, 0), 1 << 40)) - 1)
            guard first <= last, let positions = history.positions[stream] ?? (past == 0 ? [] : nil) else { return [] }
            return (first...last).map { version in
                version <= past ? history[positions[Int(version) - 1]] : state.events[own[Int(version - past) - 1]]
            }
        }
    }

    func version(of stream: StreamID) throws -> Int64 { state.withLock { version(of: stream, in: $0) } }

    func forEachEvent(after position: Int64, through last: Int64, _ body: (RecordedEvent) throws -> Void) throws {
        for event in try read(after: position, limit: Int(clamping: last - position)) { try body(event) }
    }

    func attachment(of position: Int64) throws -> [UInt8]? { nil }
    func command(scope: String, key: String) throws -> RecordedCommand? { nil }
    func commandCounts(scope: String) throws -> CommandCounts { CommandCounts(repeats: 0, reuses: 0) }
    func nextCommit(after position: Int64) async throws -> Int64 { throw EventStoreError(.closed, "Nobody waits for this log.") }
    func close() async {}
}
