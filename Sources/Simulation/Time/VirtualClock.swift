import Synchronization
public import Timekeeping

/// The world's clock: it stands still until the agenda moves it. What the coordinator sees of it may be wrong by a skew.
public final class VirtualClock: Sendable {
    private struct Reading {
        var now: Instant
        /// Milliseconds that the coordinator's clock is ahead.
        var skew: Int64 = 0
    }

    private let reading: Mutex<Reading>

    public init(_ start: Instant) { reading = Mutex(Reading(now: start)) }

    /// The time in the world.
    public var now: Instant { reading.withLock { $0.now } }

    /// The time on the coordinator's machine.
    public var seen: Instant { reading.withLock { $0.now.adding(milliseconds: $0.skew) } }

    /// What the coordinator is handed.
    public var source: TimeSource { TimeSource { self.seen } }

    /// Never backwards.
    func advance(to instant: Instant) { reading.withLock { $0.now = max($0.now, instant) } }

    /// Sets the coordinator's machine wrong, or right again (0).
    func setSkew(milliseconds: Int64) { reading.withLock { $0.skew = milliseconds } }
}
