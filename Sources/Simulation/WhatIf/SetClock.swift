import Synchronization
import Timekeeping

/// A clock that is set, also back: a decision is made again at the instant at which it was made.
final class SetClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ instant: Instant) { self.instant = Mutex(instant) }

    var now: Instant {
        get { instant.withLock { $0 } }
        set { instant.withLock { $0 = newValue } }
    }

    var source: TimeSource { TimeSource { self.now } }
}
