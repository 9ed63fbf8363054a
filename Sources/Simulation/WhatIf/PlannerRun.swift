import Coordination
import EventStore
import Pathways
import Timekeeping

/// Events of the planner that stand side by side in the log and name the same cause: one append, or, where no cause is named (deadlines), one
/// or several that were made in the same millisecond.
struct PlannerRun {
    let positions: ClosedRange<Int64>
    /// Nil for what a deadline made necessary.
    let cause: EventID?

    /// All runs of a part of the log, in order.
    static func runs(of history: History, in part: ClosedRange<Int64>) -> [PlannerRun] {
        var runs: [PlannerRun] = []
        var first: RecordedEvent?
        var last: Int64 = 0
        func end() {
            if let first { runs.append(PlannerRun(positions: first.position...last, cause: first.causation)) }
        }
        for position in part {
            let event = history[position]
            guard event.source == FollowUpPlanner.source else {
                end()
                first = nil
                continue
            }
            if let begun = first, begun.causation != event.causation || begun.recordedAt != event.recordedAt {
                end()
                first = event
            } else if first == nil {
                first = event
            }
            last = position
        }
        end()
        return runs
    }

    /// The instant at which the planner decided, where an event says it.
    static func stated(_ says: PathwayEvent, _ event: RecordedEvent) -> Instant? {
        switch says {
        case .offersMade(let body): body.at
        case .offersLapsed(let body) where body.away: body.at
        case .followUpsResumed(let body): body.at
        case .pathwayReopened(let body): body.at
        case .followUpsHeld(let body): body.reviewAt.adding(minutes: -HoldReview.everyMinutes)
        case .followUpsPlanned, .followUpsWithdrawn: event.time
        default: nil
        }
    }

    /// The instants at which the planner may have decided: what its events state; where none does (a notice, a closing), the last deadline
    /// that it met, since the instant then decides nothing but which deadlines have passed; at last when it was recorded.
    static func instants(of history: History, in part: ClosedRange<Int64>) -> [Instant] {
        var stated: [Instant] = []
        var latest: Instant?
        for position in part {
            guard let says = history.pathwayEvent(at: position) else { continue }
            if let at = Self.stated(says, history[position]), !stated.contains(at) { stated.append(at) }
            if let at = says.occurredAt { latest = max(latest ?? at, at) }
        }
        return stated + [latest, history[part.lowerBound].recordedAt].compactMap { $0 }.filter { !stated.contains($0) }
    }
}
