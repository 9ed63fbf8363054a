// pthread_t may belong to the module that librdkafka's header pulls it in by.
internal import CRdKafka

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Starts threads of our own: librdkafka's calls block, and the threads of Swift's pool must not.
enum NativeThread {
    /// What a thread runs; its reference travels through the C entry.
    private final class Life: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Whether there was room for one more thread.
    static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 1 << 20)
        var thread = pthread_t()
        let kept = Unmanaged.passRetained(Life(run))
        guard pthread_create(&thread, &attributes, liveNativeThread, kept.toOpaque()) == 0 else {
            kept.release()
            return false
        }
        return true
    }

    fileprivate static func live(_ context: UnsafeMutableRawPointer) {
        Unmanaged<Life>.fromOpaque(context).takeRetainedValue().run()
    }
}

/// A thread's entry: takes over the reference that `start` made.
private func liveNativeThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    // OpenSSL writes to sockets without MSG_NOSIGNAL: a broker that is gone must be an error, not the end of the process. librdkafka's
    // own threads block all signals.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    NativeThread.live(context)
    return nil
}
