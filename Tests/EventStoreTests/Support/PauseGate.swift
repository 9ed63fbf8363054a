import Synchronization

/// Stands in for the pauses between attempts to resume: each lasts until the test says go.
final class PauseGate: Sendable {
    private struct State {
        var pauses: [Int64] = []
        var waiting: CheckedContinuation<Void, Never>?
        var watcher: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    var pause: @Sendable (Int64) async throws -> Void {
        { [self] milliseconds in
            await withCheckedContinuation { continuation in
                let watcher = state.withLock { state in
                    state.pauses.append(milliseconds)
                    state.waiting = continuation
                    defer { state.watcher = nil }
                    return state.watcher
                }
                watcher?.resume()
            }
        }
    }

    /// Milliseconds of all pauses so far.
    var pauses: [Int64] { state.withLock { $0.pauses } }

    /// Waits until a pause has begun.
    func reached() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.waiting == nil { state.watcher = continuation }
                return state.waiting != nil
            }
            if isThere { continuation.resume() }
        }
    }

    /// Ends the pause that has begun, or the next one.
    func pass() async {
        await reached()
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume()
    }
}
