import Synchronization

/// Wakes those who wait for the views to reach a position.
final class PositionSignal: Sendable {
    private struct State {
        var position: Int64
        var lastTicket = 0
        var waiters: [Int: (position: Int64, continuation: CheckedContinuation<Int64, any Error>)] = [:]
        /// Tickets cancelled before they could wait.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>

    init(position: Int64) {
        state = Mutex(State(position: position))
    }

    var position: Int64 { state.withLock { $0.position } }

    /// Suspends until the position is beyond `position`, and returns it.
    func wait(beyond position: Int64) async throws -> Int64 {
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
                    if state.position > position { return .success(state.position) }
                    state.waiters[ticket] = (position, continuation)
                    return nil
                }
                if let answer { continuation.resume(with: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: ticket)
                if waiter == nil { state.cancelled.insert(ticket) }
                return waiter?.continuation
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    func advance(to position: Int64) {
        let woken = state.withLock { state in
            guard position > state.position else { return [CheckedContinuation<Int64, any Error>]() }
            state.position = position
            let ready = state.waiters.filter { $0.value.position < position }
            for ticket in ready.keys { state.waiters[ticket] = nil }
            return ready.values.map(\.continuation)
        }
        for continuation in woken { continuation.resume(returning: position) }
    }
}
