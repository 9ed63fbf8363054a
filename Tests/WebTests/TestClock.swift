import Synchronization
import Timekeeping

/// A clock that a test moves.
final class TestClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ start: Instant) { instant = Mutex(start) }

    var now: Instant { instant.withLock { $0 } }

    var source: TimeSource { TimeSource { self.now } }

    func advance(minutes: Int64) { advance(milliseconds: minutes * 60_000) }

    func advance(milliseconds: Int64) {
        instant.withLock { $0 = $0.adding(milliseconds: milliseconds) }
    }
}
