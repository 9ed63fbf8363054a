import EventStore
import Timekeeping

/// One decision of the planner as history has it: what one append recorded.
struct Decision: Sendable {
    let positions: ClosedRange<Int64>
    let cause: EventID?
    /// The instant that it was made at.
    let now: Instant
}
