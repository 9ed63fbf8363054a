public import EventStore
import Pathways

/// The follow-up planner as a reactor: each event that can change what is planned has its pathway reconciled, and its timer set.
public struct PlannerReactor: Reactor {
    public static let name = "follow-up-planner"

    public var name: String { Self.name }

    private let planner: FollowUpPlanner
    private let timers: PlannerTimerTable

    public init(planner: FollowUpPlanner, timers: PlannerTimerTable) {
        self.planner = planner
        self.timers = timers
    }

    public func concerns(_ event: RecordedEvent) -> Bool { FollowUpPlanner.concerns(event.type) || event.type == StreamErased.type }

    /// One look at a pathway serves all of its events in the page: reconciling depends on where it stands, not on how it got there. So does
    /// one look at a patient, if it is the widest.
    public func coalesce(_ events: [RecordedEvent]) -> [RecordedEvent] {
        if let widest = events.last(where: { FollowUpPlanner.changesPerson($0.type) }) { return [widest] }
        return Array(events.suffix(1))
    }

    public func react(to event: RecordedEvent, in context: EffectContext) async throws {
        do {
            if FollowUpPlanner.concernsPatient(event.type) {
                let always = FollowUpPlanner.changesPerson(event.type)
                try await planner.reconcilePathways(of: event.stream, causedBy: event.id, always: always)
            } else {
                try await planner.reconcile(event.stream, causedBy: event.id, step: "reconcile")
                let consequences = try planner.consequences(of: event.stream)
                if let patient = consequences.patientToTell {
                    try await planner.reconcilePathways(of: patient, causedBy: event.id, always: true)
                }
                try timers.set(consequences.homeReturnLimit, for: event.stream)
            }
        } catch let error as CoordinationError {
            throw PlannerReactor.permanent(error) ?? error
        } catch let rejection as Rejection {
            throw PermanentProblem("is refused: \(rejection.code.rawValue)")
        }
    }

    /// Nil for what another attempt may mend.
    static func permanent(_ error: CoordinationError) -> (any Error)? {
        guard case .unreadable(let position, let type, let problem) = error else { return nil }
        return PermanentProblem("event \(position) (\(type)): \(problem)")
    }
}
