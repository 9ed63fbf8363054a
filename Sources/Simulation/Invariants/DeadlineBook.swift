import EventStore
import Timekeeping

/// The next deadline of every pathway, and the first of all.
struct DeadlineBook {
    private var current: [StreamID: Instant] = [:]
    private var queue = Agenda<StreamID>()

    mutating func set(_ deadline: Instant?, for stream: StreamID) {
        guard current[stream] != deadline else { return }
        current[stream] = deadline
        if let deadline { queue.note(stream, at: deadline) }
    }

    mutating func first() -> (stream: StreamID, at: Instant)? {
        while let (at, stream) = queue.takeNext() {
            guard current[stream] == at else { continue }
            queue.note(stream, at: at)
            return (stream, at)
        }
        return nil
    }
}
