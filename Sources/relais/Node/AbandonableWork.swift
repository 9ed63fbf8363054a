import ServiceLifecycle
import Synchronization

/// Work that may be in a call to brokers that do not answer. Such a call cannot be broken off, and takes longer than a server may take to stop:
/// it is left behind then.
final class AbandonableWork: Sendable {
    /// Who waits for the end, and is told once.
    private let waiting = Mutex<CheckedContinuation<Void, any Error>?>(nil)
    private let task = Mutex<Task<Void, Never>?>(nil)
    private static let grace = Duration.seconds(5)

    private init() {}

    /// Runs `body` until it ends, or until graceful shutdown or cancellation and a moment of grace.
    ///
    /// - Parameter priority: nil for the caller's; a lower one gives it threads of its own.
    /// - Throws: what `body` throws, but for `CancellationError`.
    static func run(priority: TaskPriority? = nil, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let work = AbandonableWork()
        try await cancelWhenGracefulShutdown {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { work.begin($0, priority, body) }
            } onCancel: {
                work.cancel()
            }
        }
    }

    private func begin(
        _ continuation: CheckedContinuation<Void, any Error>,
        _ priority: TaskPriority?,
        _ body: @escaping @Sendable () async throws -> Void
    ) {
        waiting.withLock { $0 = continuation }
        let work = Task(priority: priority) { [self] in
            do {
                try await body()
                end(.success(()))
            } catch is CancellationError {
                end(.success(()))
            } catch {
                end(.failure(error))
            }
        }
        task.withLock { $0 = work }
        if Task.isCancelled { cancel() }
    }

    private func cancel() {
        task.withLock { $0 }?.cancel()
        Task { [self] in
            try? await Task.sleep(for: Self.grace)
            end(.success(()))
        }
    }

    private func end(_ result: Result<Void, any Error>) {
        waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }?.resume(with: result)
    }
}
