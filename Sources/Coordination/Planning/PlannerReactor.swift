public import EventStore
import Pathways

/// The follow-up planner as a reactor: each event that can change what is planned, or when something is due, has its pathway reconciled,
/// and its timer set.
public struct PlannerReactor: Reactor {
    public static let name = "follow-up-planner"

    public var name: String { Self.name }

    private let planner: FollowUpPlanner
    private let deadlines: any DeadlineStore

    public init(planner: FollowUpPlanner, deadlines: any DeadlineStore) {
        self.planner = planner
        self.deadlines = deadlines
    }

    /// What the planner did itself is done: it has set the timers.
    public func concerns(_ event: RecordedEvent) -> Bool {
        event.source != FollowUpPlanner.source && PlannerTrigger(event.type) != nil
    }

    /// One look at a pathway serves all of its events in the page: reconciling depends on where it stands, not on how it got there. So does
    /// one look at a patient, or at all that is due, if it is the widest.
    public func coalesce(_ events: [RecordedEvent]) -> [RecordedEvent] {
        for widest in [PlannerTrigger.person, .directory] {
            if let event = events.last(where: { PlannerTrigger($0.type) == widest }) { return [event] }
        }
        return Array(events.suffix(1))
    }

    public func react(to event: RecordedEvent, in context: EffectContext) async throws {
        do {
            switch PlannerTrigger(event.type) {
            case .pathway: try await planner.reconcile(event.stream, causedBy: event.id, timers: deadlines)
            case .identity: try await planner.reconcilePathways(of: event.stream, causedBy: event.id, always: false, timers: deadlines)
            case .person: try await planner.reconcilePathways(of: event.stream, causedBy: event.id, always: true, timers: deadlines)
            case .rules: try deadlines.ringAll(at: context.now)
            case .directory:
                // A territory also says what time it is there.
                if event.type == TerritoryPublished.type { try deadlines.ringAll(at: context.now) }
                try await planner.reconcileAll(causedBy: event.id, timers: deadlines)
            case nil: break
            }
        } catch {
            guard let trouble = PlannerTrouble(error) else { throw error }
            throw PermanentProblem(trouble.text)
        }
    }
}
