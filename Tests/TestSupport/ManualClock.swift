import Synchronization
public import Timekeeping

/// A clock that tests move.
public final class ManualClock: Sendable {
    private let instant: Mutex<Instant>

    public init(_ start: Instant = Instant(millisecondsSinceEpoch: 1_795_336_200_000)) { instant = Mutex(start) }

    public convenience init(_ milliseconds: Int64) { self.init(Instant(millisecondsSinceEpoch: milliseconds)) }

    public var now: Instant { instant.withLock { $0 } }

    public func set(_ value: Instant) { instant.withLock { $0 = value } }

    public func set(_ milliseconds: Int64) { set(Instant(millisecondsSinceEpoch: milliseconds)) }

    public func advance(hours: Int64) { instant.withLock { $0 = $0.adding(hours: hours) } }

    public func advance(milliseconds: Int64) { instant.withLock { $0 = $0.adding(milliseconds: milliseconds) } }

    public var source: TimeSource { TimeSource { self.now } }
}
