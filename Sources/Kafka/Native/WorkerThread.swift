/// One thread for calls that block, done in the order they were asked for.
final class WorkerThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
        var isClosed = false
    }

    private let monitor = Monitor(State())

    /// The thread begins with the first job.
    init() {}

    /// Runs a blocking call. A cancelled caller goes on at once; the call itself is not interrupted, but may look at ``Promise/isSettled``.
    func call<Value: Sendable>(_ body: @escaping @Sendable (Promise<Value>) throws -> Value) async throws -> Value {
        let promise = Promise<Value>()
        submit(unless: { promise.complete(.failure(KafkaError.shutDown)) }) {
            guard !promise.isSettled else { return }
            promise.complete(Result { try body(promise) })
        }
        return try await promise.value()
    }

    /// No further jobs; those that wait are still done, then the thread ends.
    func close() {
        monitor.change { $0.isClosed = true }
    }

    private func submit(unless refuse: () -> Void, _ job: @escaping @Sendable () -> Void) {
        let accepted = monitor.change { state in
            guard !state.isClosed else { return false }
            if !state.isRunning {
                guard NativeThread.start({ [monitor] in Self.serve(monitor) }) else { return false }
                state.isRunning = true
            }
            state.jobs.append(job)
            return true
        }
        if !accepted { refuse() }
    }

    private static func serve(_ monitor: Monitor<State>) {
        while true {
            let jobs: [@Sendable () -> Void] = monitor.wait { state in
                guard state.jobs.isEmpty else {
                    defer { state.jobs = [] }
                    return state.jobs
                }
                return state.isClosed ? [] : nil
            }
            if jobs.isEmpty { return }
            for job in jobs { job() }
        }
    }
}
