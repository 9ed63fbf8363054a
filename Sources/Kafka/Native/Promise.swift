internal import Synchronization

/// One value that one task waits for. The first completion counts; a cancelled waiter goes away at once.
final class Promise<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case done(Result<Value, any Error>)
    }

    private let state = Mutex(State.open)

    /// False when it was completed, or its waiter cancelled, before.
    @discardableResult
    func complete(_ result: Result<Value, any Error>) -> Bool {
        let waiter: CheckedContinuation<Value, any Error>?? = state.withLock { state in
            switch state {
            case .done: return .none
            case .open:
                state = .done(result)
                return .some(nil)
            case .awaited(let continuation):
                state = .done(result)
                return .some(continuation)
            }
        }
        guard let waiter else { return false }
        waiter?.resume(with: result)
        return true
    }

    /// Nobody waits for the value any more, or it is there.
    var isSettled: Bool {
        state.withLock { if case .done = $0 { true } else { false } }
    }

    /// - Throws: what the promise was failed with, or `CancellationError`.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let ready: Result<Value, any Error>? = state.withLock { state in
                    if case .done(let result) = state { return result }
                    state = .awaited(continuation)
                    return nil
                }
                if let ready { continuation.resume(with: ready) }
            }
        } onCancel: {
            complete(.failure(CancellationError()))
        }
    }
}
