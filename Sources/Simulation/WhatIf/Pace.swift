import EventStore
import Pathways
import Timekeeping

/// How fast the coordinator's machine was in history: its delays are part of what happened.
struct Pace: Sendable {
    /// When the planner decided because of an event.
    private(set) var reactions: [EventID: Instant] = [:]
    /// When which deadline was met.
    private(set) var met: [LaggingDeadlines.Key: Instant] = [:]
    /// Milliseconds, as usual.
    private(set) var reactionLag: Int64 = 0
    private(set) var deadlineLag: Int64 = 0

    init(_ history: History, _ decisions: [Decision]) {
        let causes = Set(decisions.compactMap(\.cause))
        let recorded = history.events.reduce(into: [EventID: Instant]()) { if causes.contains($1.id) { $0[$1.id] = $1.recordedAt } }
        var reactionLags: [Int64] = []
        var deadlineLags: [Int64] = []
        for decision in decisions {
            if let cause = decision.cause, let at = recorded[cause] {
                reactions[cause] = decision.now
                reactionLags.append(max(0, decision.now.milliseconds(since: at)))
            }
            // Notices alone do not say when they were made; they were recorded then.
            let says = decision.positions.contains { position in
                history.pathwayEvent(at: position).flatMap { PlannerRun.stated($0, history[position]) } != nil
            }
            let instant = says ? decision.now : history[decision.positions.lowerBound].recordedAt
            for position in decision.positions {
                guard let due = history.pathwayEvent(at: position).flatMap(Self.deadline) else { continue }
                let key = LaggingDeadlines.Key(stream: history[position].stream, due: due.millisecondsSinceEpoch)
                let now = max(instant, due)
                met[key] = met[key] ?? now
                if decision.cause == nil { deadlineLags.append(max(0, now.milliseconds(since: due))) }
            }
        }
        reactionLag = Self.median(reactionLags)
        deadlineLag = Self.median(deadlineLags)
    }

    private static func deadline(_ event: PathwayEvent) -> Instant? {
        switch event {
        case .offersLapsed(let body): body.away ? nil : body.at
        case .followUpEscalated(let body): body.at
        case .pathwayClosed(let body): body.by == nil ? body.at : nil
        default: nil
        }
    }

    private static func median(_ values: [Int64]) -> Int64 { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
