#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Where "now" comes from (I12): handed to whoever needs it, so that a test or a replay decides what time it is.
public struct TimeSource: Sendable {
    /// The present instant.
    public var now: @Sendable () -> Instant

    public init(now: @escaping @Sendable () -> Instant) {
        self.now = now
    }

    /// The machine's clock, in UTC, to the millisecond.
    public static var system: TimeSource {
        TimeSource {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Instant(millisecondsSinceEpoch: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        }
    }

    /// A clock that stands still.
    public static func fixed(_ instant: Instant) -> TimeSource {
        TimeSource { instant }
    }
}
