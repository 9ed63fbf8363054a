public import EventStore
import Synchronization
import Timekeeping

/// How far a log was handed over, for those who wait for it: shared by a ``Relay`` and a ``ReplicatedLog``.
public final class ReplicationProgress: Sendable {
    private struct Waiter {
        var cursor: LogCursor
        var continuation: CheckedContinuation<Void, any Error>
    }

    /// By what a command is known again.
    private struct Mark: Hashable {
        var requestHash: Hash256
        var recordedAt: Instant
    }

    private struct State {
        var cursor = LogCursor()
        var head: LogHead?
        /// Commands about the last position that the topic has; there may be more of them in the log.
        var lastCommands: Set<Mark> = []
        var waiters: [UInt64: Waiter] = [:]
        var lastTicket: UInt64 = 0
        /// Tickets cancelled before they could wait.
        var cancelled: Set<UInt64> = []
        var isCopy = false

        /// Takes out those who waited for what the topic has now.
        mutating func ready() -> [Waiter] {
            let ready = waiters.filter { cursor.covers($0.value.cursor) }
            for ticket in ready.keys { waiters[ticket] = nil }
            return Array(ready.values)
        }
    }

    private let state: Mutex<State>

    /// - Parameter isCopy: of a replica, until ``begin(at:_:)``: all that it has came from the topic.
    public init(isCopy: Bool = false) {
        var state = State()
        state.isCopy = isCopy
        self.state = Mutex(state)
    }

    /// Whether the log is a replica, of which nothing is held back.
    var isCopy: Bool { state.withLock { $0.isCopy } }

    /// The topic is known to have the log so far: when a node begins to write, before its relay does.
    public func begin(at cursor: LogCursor, _ head: LogHead) {
        let woken = state.withLock { state -> [Waiter] in
            state.isCopy = false
            guard cursor.covers(state.cursor) else { return [] }
            state.cursor = cursor
            state.head = head
            return state.ready()
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// What the topic has; position 0 until the relay has found the topic's end.
    public var cursor: LogCursor { state.withLock { $0.cursor } }

    /// The log's head as the topic has it; nil until the relay has found the topic's end.
    public var head: LogHead? { state.withLock { $0.head } }

    /// Suspends until the topic has all through `cursor`.
    ///
    /// - Throws: `CancellationError`.
    public func wait(through cursor: LogCursor) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        // A cancellation that came after the answer leaves its ticket behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let answer: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return .failure(CancellationError()) }
                    if state.cursor.covers(cursor) { return .success(()) }
                    state.waiters[ticket] = Waiter(cursor: cursor, continuation: continuation)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: ticket)
                if waiter == nil { state.cancelled.insert(ticket) }
                return waiter
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Whether a command about the last position is known to be in the topic.
    func hasLast(_ command: RecordedCommand) -> Bool {
        state.withLock { state in
            state.cursor.position == command.position
                && state.lastCommands.contains(Mark(requestHash: command.requestHash, recordedAt: command.recordedAt))
        }
    }

    /// Told by the relay once a transaction was committed. Never goes back.
    ///
    /// - Parameter commands: what went with it.
    func advance(to checkpoint: ReplicationCheckpoint, epoch: Int64, commands: [ReplicatedCommand] = []) {
        let woken = state.withLock { state -> [Waiter] in
            guard checkpoint.cursor.covers(state.cursor) else { return [] }
            if checkpoint.cursor.position > state.cursor.position { state.lastCommands = [] }
            for command in commands where command.position == checkpoint.cursor.position {
                state.lastCommands.insert(Mark(requestHash: command.requestHash, recordedAt: command.recordedAt))
            }
            state.cursor = checkpoint.cursor
            state.head = LogHead(position: checkpoint.cursor.position, rootHash: checkpoint.frontier.root, epoch: epoch)
            return state.ready()
        }
        for waiter in woken { waiter.continuation.resume() }
    }
}

extension LogCursor {
    /// Whether all through `other` is handed over once all through this is.
    func covers(_ other: LogCursor) -> Bool { position >= other.position && command >= other.command }
}
