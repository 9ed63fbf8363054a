internal import Synchronization

/// One piece of blocking work in the queue of `CurlThreads`, and the flag that ends it early.
final class CurlJob: Sendable {
    /// What may run side by side only so often, such as `host:port`.
    let destination: String
    private let work: @Sendable (CurlJob, CurlWorker?) -> Void
    private let cancelled = Atomic<Bool>(false)

    /// - Parameter work: called exactly once; without a worker when the job left the queue unserved.
    init(destination: String, work: @escaping @Sendable (CurlJob, CurlWorker?) -> Void) {
        self.destination = destination
        self.work = work
    }

    /// Looked at by libcurl's progress callback and between two waits.
    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    func perform(on worker: CurlWorker?) {
        work(self, worker)
    }
}
