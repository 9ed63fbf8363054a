import Synchronization

/// Whether a node writes its territory's log, or copies what another machine writes, or brings the topics up to it first. Once it writes, it does
/// for as long as the process lives.
final class NodeDuty: Sendable {
    private struct State {
        var isWriter: Bool
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        var count = 0
    }

    private let state: Mutex<State>

    init(isWriter: Bool) { state = Mutex(State(isWriter: isWriter)) }

    var isWriter: Bool { state.withLock { $0.isWriter } }

    /// The log was promoted, or the topics have all of it.
    func beginWriting() {
        let waiting = state.withLock { state in
            state.isWriter = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume() }
    }

    /// Suspends until this node writes.
    ///
    /// - Throws: `CancellationError`.
    func writing() async throws {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isWriter || Task.isCancelled { return true }
                    state.waiting[number] = continuation
                    return false
                }
                guard isOver else { return }
                if isWriter { continuation.resume() } else { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }
}
