import Dispatch

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where callers leave requests for the one writer.
///
/// `@unchecked Sendable`: every stored variable is read and written only between `lock()` and `unlock()` of `mutex`.
final class Inbox<Request: Sendable>: @unchecked Sendable {
    /// What became of a request left here.
    enum Acceptance {
        /// The writer is at work and will come to it.
        case queued
        /// The writer is idle: the caller must set it to work.
        case writerIdle
        /// Nothing is accepted, for this reason.
        case refused(EventStoreError)
    }

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let refilled: UnsafeMutablePointer<pthread_cond_t>
    private var requests: [Request] = []
    private var isWriterAtWork = false
    private var refusal: EventStoreError?
    private var isClosed = false
    /// How many requests a waiting writer hopes for; 0 = it does not wait.
    private var awaited = 0

    init() {
        mutex = .allocate(capacity: 1)
        refilled = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(refilled, nil)
    }

    deinit {
        pthread_cond_destroy(refilled)
        pthread_mutex_destroy(mutex)
        refilled.deallocate()
        mutex.deallocate()
    }

    /// Requests not taken yet.
    var count: Int {
        lock()
        defer { unlock() }
        return requests.count
    }

    func put(_ request: Request) -> Acceptance {
        lock()
        defer { unlock() }
        if let refusal { return .refused(refusal) }
        requests.append(request)
        if awaited > 0, requests.count >= awaited { pthread_cond_signal(refilled) }
        guard !isWriterAtWork else { return .queued }
        isWriterAtWork = true
        return .writerIdle
    }

    /// The writer takes at most `limit` requests; none means it is idle from now on.
    func take(atMost limit: Int) -> [Request] {
        lock()
        defer { unlock() }
        let taken = removeFirst(limit)
        isWriterAtWork = !taken.isEmpty
        return taken
    }

    /// The writer takes what came meanwhile; if nothing did, waits for `count` requests, no longer than `nanoseconds`.
    func takeMore(hopingFor count: Int, atMost limit: Int, within nanoseconds: Int) -> [Request] {
        lock()
        defer { unlock() }
        if requests.isEmpty, count > 0, nanoseconds > 0 {
            awaited = count
            var deadline = timespec()
            clock_gettime(CLOCK_REALTIME, &deadline)
            let sum = Int(deadline.tv_nsec) + nanoseconds
            deadline.tv_sec += sum / 1_000_000_000
            deadline.tv_nsec = sum % 1_000_000_000
            while requests.count < count {
                // A clock step makes one wait a little longer or shorter; it never loses a request.
                guard pthread_cond_timedwait(refilled, mutex, &deadline) == 0 else { break }
            }
            awaited = 0
        }
        return removeFirst(limit)
    }

    /// Accepts nothing for now; what is here already will be taken.
    func refuse(with error: EventStoreError) {
        lock()
        defer { unlock() }
        if !isClosed { refusal = error }
    }

    /// Accepts again, unless closed.
    func accept() {
        lock()
        defer { unlock() }
        if !isClosed { refusal = nil }
    }

    /// Accepts nothing more, ever; what is here already will be taken.
    func close(with error: EventStoreError) {
        lock()
        defer { unlock() }
        guard !isClosed else { return }
        isClosed = true
        refusal = error
    }

    private func removeFirst(_ limit: Int) -> [Request] {
        guard requests.count > limit else {
            defer { requests = [] }
            return requests
        }
        defer { requests.removeFirst(limit) }
        return Array(requests.prefix(limit))
    }

    private func lock() { pthread_mutex_lock(mutex) }

    private func unlock() { pthread_mutex_unlock(mutex) }
}
