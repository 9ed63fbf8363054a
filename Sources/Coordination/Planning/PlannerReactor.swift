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

    /// One look at a pathway serves all of its events in the page: reconciling depends on where it stands, not on how it got there.
    public func coalesce(_ events: [RecordedEvent]) -> [RecordedEvent] { Array(events.suffix(1)) }

    public func react(to event: RecordedEvent, in context: EffectContext) async throws {
        do {
            try await planner.reconcile(event.stream, causedBy: event.id, step: "reconcile")
            try timers.set(try planner.homeReturnLimit(event.stream), for: event.stream)
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
