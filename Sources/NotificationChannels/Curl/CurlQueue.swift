// Under some import paths pthread_attr_t and pthread_t belong to the module that curl's header pulls them in by.
internal import CCurl

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// The jobs that wait and the threads that serve them.
///
/// `@unchecked Sendable`: everything mutable is touched with `mutex` held only; mutex and condition are allocated once and freed when
/// the last thread, which holds a reference, has gone.
final class CurlQueue: @unchecked Sendable {
    private let limit: Int
    private let perDestination: Int
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [CurlJob] = []
    private var running: [String: Int] = [:]
    private var threads = 0
    private var idle = 0
    private var closed = false

    init(limit: Int, perDestination: Int) {
        self.limit = limit
        self.perDestination = perDestination
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func submit(_ job: CurlJob) {
        let unserved: CurlJob? = locked {
            waiting.append(job)
            if idle < waiting.count, threads < limit, startThread() { threads += 1 }
            pthread_cond_signal(condition)
            guard threads == 0 else { return nil }
            return waiting.popLast()
        }
        unserved?.perform(on: nil)
    }

    /// Ends the job: at once when it still waits, else at its next look at the flag.
    func cancel(_ job: CurlJob) {
        job.cancel()
        let stillWaiting: CurlJob? = locked {
            guard let place = waiting.firstIndex(where: { $0 === job }) else { return nil }
            return waiting.remove(at: place)
        }
        stillWaiting?.perform(on: nil)
    }

    /// The threads end when nothing waits any more.
    func close() {
        locked {
            closed = true
            _ = pthread_cond_broadcast(condition)
        }
    }

    /// The life of one thread.
    fileprivate func serve() {
        let worker = CurlWorker()
        while let job = next() {
            job.perform(on: worker)
            locked {
                let others = (running[job.destination] ?? 1) - 1
                running[job.destination] = others > 0 ? others : nil
                _ = pthread_cond_signal(condition)
            }
        }
    }

    private func next() -> CurlJob? {
        locked {
            while true {
                if let place = waiting.firstIndex(where: { running[$0.destination, default: 0] < perDestination }) {
                    let job = waiting.remove(at: place)
                    running[job.destination, default: 0] += 1
                    return job
                }
                if closed, waiting.isEmpty { return nil }
                idle += 1
                pthread_cond_wait(condition, mutex)
                idle -= 1
            }
        }
    }

    private func locked<Value>(_ body: () -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    private func startThread() -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        var thread = pthread_t()
        let kept = Unmanaged.passRetained(self)
        guard pthread_create(&thread, &attributes, serveQueue, kept.toOpaque()) == 0 else {
            kept.release()
            return false
        }
        return true
    }
}

/// A thread's entry: takes over the reference that `startThread` made.
private func serveQueue(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // OpenSSL writes to sockets without MSG_NOSIGNAL: a peer that is gone must be an error of this thread, not the end of the process.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    Unmanaged<CurlQueue>.fromOpaque(context).takeRetainedValue().serve()
    return nil
}
