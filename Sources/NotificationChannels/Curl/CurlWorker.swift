internal import CCurl

/// What one thread keeps between jobs: an easy handle with its open connections. It never leaves its thread.
final class CurlWorker {
    private var kept: CurlHandle?

    /// The thread's handle, without any option of the job before, its connections still open.
    func handle() -> CurlHandle? {
        if let kept {
            kept.reset()
            return kept
        }
        kept = CurlHandle()
        return kept
    }
}
