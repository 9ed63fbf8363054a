/// A few threads of their own for work that blocks, so that a slow peer never holds a thread of the cooperative pool.
///
/// Threads start when they are needed and live as long as this object. One destination gets at most `perDestination` of them: a dead
/// one delays only itself as long as there are not `limit / perDestination` dead ones at once.
final class CurlThreads: Sendable {
    private let queue: CurlQueue

    init(limit: Int, perDestination: Int) {
        queue = CurlQueue(limit: max(1, limit), perDestination: max(1, perDestination))
    }

    deinit {
        queue.close()
    }

    /// Runs `work` on one of the threads and waits without blocking.
    ///
    /// - Throws: what `work` throws; `.cancelled` when the task was cancelled before it began, `.local` when there is no thread.
    func run<Value: Sendable>(
        to destination: String,
        _ work: @escaping @Sendable (CurlJob, CurlWorker) -> Result<Value, CurlFailure>
    ) async -> Result<Value, CurlFailure> {
        let slot = CurlJobSlot()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = CurlJob(destination: destination) { job, worker in
                    guard !job.isCancelled else { return continuation.resume(returning: .failure(CurlFailure(.cancelled))) }
                    guard let worker else { return continuation.resume(returning: .failure(CurlFailure(.local))) }
                    continuation.resume(returning: work(job, worker))
                }
                queue.submit(job)
                // Whoever comes second, this or the cancellation, sees the other and takes the job out of the queue.
                if slot.put(job) { queue.cancel(job) }
            }
        } onCancel: { [queue] in
            if let job = slot.cancel() { queue.cancel(job) }
        }
    }
}
