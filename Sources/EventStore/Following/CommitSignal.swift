import Synchronization

/// Wakes those who wait for the log to grow.
final class CommitSignal: Sendable {
    private struct Waiter {
        let position: Int64
        /// `Int64.max` for whoever waits for events alone.
        let command: Int64
        let continuation: CheckedContinuation<Int64, any Error>
    }

    private struct State {
        var position: Int64
        /// Number of the last command recorded.
        var command: Int64
        var waiters: [UInt64: Waiter] = [:]
        var lastTicket: UInt64 = 0
        /// Tickets cancelled before they could wait.
        var cancelled: Set<UInt64> = []
        var closed: EventStoreError?
    }

    private let state: Mutex<State>

    init(position: Int64, command: Int64 = 0) {
        state = Mutex(State(position: position, command: command))
    }

    /// Suspends until the position is beyond `position`, or the last command beyond `command`.
    func wait(beyond position: Int64, command: Int64 = .max) async throws -> Int64 {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        // A cancellation that came after the answer leaves its ticket behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Int64, any Error>? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return .failure(CancellationError()) }
                    if state.position > position || state.command > command { return .success(state.position) }
                    if let closed = state.closed { return .failure(closed) }
                    state.waiters[ticket] = Waiter(position: position, command: command, continuation: continuation)
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

    func advance(to position: Int64, command: Int64 = 0) {
        let woken = state.withLock { state -> [Waiter] in
            guard position > state.position || command > state.command else { return [] }
            state.position = max(state.position, position)
            state.command = max(state.command, command)
            guard !state.waiters.isEmpty else { return [] }
            let ready = state.waiters.filter { $0.value.position < position || $0.value.command < command }
            for ticket in ready.keys { state.waiters[ticket] = nil }
            return Array(ready.values)
        }
        for waiter in woken { waiter.continuation.resume(returning: position) }
    }

    /// Fails all who wait, and all who come.
    func close(with error: EventStoreError) {
        let waiters = state.withLock { state in
            state.closed = state.closed ?? error
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.continuation.resume(throwing: error) }
    }
}
