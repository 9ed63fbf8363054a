import Synchronization
import Testing
import Timekeeping

/// A clock that tests move.
final class ManualClock: Sendable {
    private let instant: Mutex<Instant>

    init(_ start: Instant) { instant = Mutex(start) }

    var now: Instant { instant.withLock { $0 } }

    func set(_ value: Instant) { instant.withLock { $0 = value } }

    func advance(hours: Int64) { instant.withLock { $0 = $0.adding(hours: hours) } }

    var source: TimeSource { TimeSource { self.now } }
}

/// An instant written in a test.
func at(_ text: String) -> Instant {
    if let instant = Instant(rfc3339: text) { return instant }
    Issue.record("\(text) is no instant")
    return Instant(millisecondsSinceEpoch: 0)
}
