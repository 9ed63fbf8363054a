import Pathways

/// Why the planner cannot go on with a pathway until somebody mends something. It quotes nothing of a patient.
struct PlannerTrouble: Sendable, Hashable {
    /// Of the event that is to blame, if one is.
    let position: Int64?
    let text: String

    /// Nil for what another attempt may mend.
    init?(_ error: any Error) {
        switch error {
        case CoordinationError.unreadable(let position, let type, let problem):
            self.position = position
            text = "event \(position) (\(type)): \(problem)"
        case let rejection as Rejection:
            position = nil
            text = "is refused: \(rejection.code.rawValue)"
        case let stuck as DeadlineStuck:
            position = nil
            text = "its deadline has passed and nothing came of it: \(stuck.deadline)"
        default: return nil
        }
    }
}
