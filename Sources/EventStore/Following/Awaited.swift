import Synchronization

/// A value that changes, and tasks that wait until it is as they want it.
public final class Awaited<Value: Sendable>: Sendable {
    private struct Waiter {
        let isMet: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Value, any Error>
    }

    private struct State {
        var value: Value
        var waiters: [UInt64: Waiter] = [:]
        var lastTicket: UInt64 = 0
        /// Tickets cancelled before they could wait.
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    /// As it is now.
    public var value: Value { state.withLock { $0.value } }

    /// Suspends until the value is so.
    ///
    /// - Parameter isMet: called with each change, while nobody else can see or change the value: it must be quick, and not look here again.
    /// - Returns: the value for which it was met.
    /// - Throws: `CancellationError`.
    public func wait(until isMet: @escaping @Sendable (Value) -> Bool) async throws -> Value {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        // A cancellation that came after the answer leaves its ticket behind.
        defer { state.withLock { _ = $0.cancelled.remove(ticket) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let answer: Result<Value, any Error>? = state.withLock { state in
                    if state.cancelled.remove(ticket) != nil { return .failure(CancellationError()) }
                    if isMet(state.value) { return .success(state.value) }
                    state.waiters[ticket] = Waiter(isMet: isMet, continuation: continuation)
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

    /// Changes the value, and wakes those who waited for what it is now.
    public func change(_ body: (inout Value) -> Void) {
        let (value, woken) = state.withLock { state -> (Value, [Waiter]) in
            body(&state.value)
            guard !state.waiters.isEmpty else { return (state.value, []) }
            let met = state.waiters.filter { $0.value.isMet(state.value) }
            for ticket in met.keys { state.waiters[ticket] = nil }
            return (state.value, Array(met.values))
        }
        for waiter in woken { waiter.continuation.resume(returning: value) }
    }
}
