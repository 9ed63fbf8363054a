// pthread_t may belong to the module that librdkafka's header pulls it in by.
internal import CRdKafka

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Something that threads share, and on which one of them may wait for a change.
///
/// `@unchecked Sendable`: `state` is touched with `mutex` held only; all three are allocated once and freed with the last reference.
final class Monitor<State>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Behind a pointer, and lent anew after each wait: what is lent as `inout` the compiler takes to be changed by nobody else meanwhile.
    private let state = UnsafeMutablePointer<State>.allocate(capacity: 1)

    init(_ initial: State) {
        state.initialize(to: initial)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    func withLock<Value>(_ body: (inout State) -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&state.pointee)
    }

    /// Changes the state and has every waiting thread look again.
    func change<Value>(_ body: (inout State) -> Value) -> Value {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body(&state.pointee)
    }

    /// Blocks the thread until `body` gives a value.
    func wait<Value>(for body: (inout State) -> Value?) -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let value = body(&state.pointee) { return value }
            pthread_cond_wait(condition, mutex)
        }
    }

    /// Blocks the thread until `body` gives a value, at most so many milliseconds.
    func wait<Value>(milliseconds: Int, for body: (inout State) -> Value?) -> Value? {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        end.tv_sec += milliseconds / 1000
        end.tv_nsec += (milliseconds % 1000) * 1_000_000
        if end.tv_nsec >= 1_000_000_000 {
            end.tv_sec += 1
            end.tv_nsec -= 1_000_000_000
        }
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let value = body(&state.pointee) { return value }
            guard pthread_cond_timedwait(condition, mutex, &end) == 0 else { return body(&state.pointee) }
        }
    }
}
