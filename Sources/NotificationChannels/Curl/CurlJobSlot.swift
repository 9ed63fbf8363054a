internal import Synchronization

/// Where a cancellation finds the job that it ends, whichever of the two comes first.
final class CurlJobSlot: Sendable {
    private let state = Mutex<(job: CurlJob?, cancelled: Bool)>((nil, false))

    /// Whether the task has been cancelled already.
    func put(_ job: CurlJob) -> Bool {
        state.withLock { state in
            state.job = job
            return state.cancelled
        }
    }

    /// The job, if it is there already.
    func cancel() -> CurlJob? {
        state.withLock { state in
            state.cancelled = true
            return state.job
        }
    }
}
