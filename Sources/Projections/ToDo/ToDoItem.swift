public import Pathways
public import Timekeeping

/// One line of a to-do list.
public struct ToDoItem: Hashable, Sendable {
    /// Why it is in this list.
    public enum Kind: String, Hashable, Sendable, CaseIterable, Encodable {
        /// The professional is asked, and has not answered.
        case offered
        case accepted
        /// Nobody has accepted it, so it is the référent-parcours's (I7).
        case owned
        /// It waits while the patient is back in hospital: in the list of whoever accepted it, and of the référent-parcours.
        case onHold
        /// Somebody else accepted it, and a deadline of it has passed of which this professional was told.
        case escalated
        /// It was withdrawn; the professional was asked or had accepted, and has not yet said that they saw it.
        case notice

        /// Whether the follow-up has not ended, seen from whoever answers for it.
        var isPending: Bool { self == .owned || self == .accepted || self == .onHold }
    }

    /// A professional.
    public struct Person: Hashable, Sendable, Encodable {
        public let rpps: String
        /// Nil if the directory does not hold them.
        public let name: String?
    }

    /// Somebody, or a team, who is asked and has not answered.
    public struct Asked: Hashable, Sendable {
        public let addressee: Addressee
        /// Of the person or the team; nil if the directory does not hold them.
        public let name: String?
        public let answerBy: Instant

        /// Nil for a team.
        public var rpps: String? { if case .professional(let rpps) = addressee { rpps } else { nil } }
    }

    /// A deadline that passed, and who was told of it.
    public struct Escalation: Hashable, Sendable {
        /// The deadline.
        public let at: Instant
        public let reason: EscalationReason
        public let told: [Person]
    }

    /// What a professional reported, and the follow-up hangs on.
    public struct Report: Hashable, Sendable {
        /// Nil for a prescription that is missing.
        public let sign: AlertSign?
        public let at: Instant
        public let by: Person
        /// Whom the reporter has called already (`EmergencyContact`).
        public let called: [String]
    }

    /// The follow-up's id.
    public let followUp: String
    /// The pathway's stream, in hexadecimal.
    public let pathway: String
    public let kind: Kind
    /// French, verb first.
    public let title: String
    public let role: CareRole
    public let protocolID: String
    public let rule: String
    public let protocolVersion: Int
    /// What made the rule plan it.
    public let trigger: RuleTrigger
    public let priority: Priority
    public let dueFrom: Instant
    public let dueBy: Instant
    /// Whether it should have been done by the instant the list was read at (I6). What is on hold is not late.
    public let late: Bool
    /// Since when it is in this list in this way; on hold, when the patient came back to hospital.
    public let since: Instant?
    /// The team that is asked, or for which it was accepted.
    public let team: DirectoryTeam?
    /// The one who answers for it (I7): whoever accepted it, else the référent-parcours. Nil for a `notice`, and where nobody holds the post.
    public let owner: Person?
    /// The next instant at which something of it is due (I7). Nil for a `notice`.
    public let nextDeadline: Deadline?
    /// The latest deadlines that passed since it was planned, at most ten, oldest first.
    public let escalations: [Escalation]
    /// Nil where it hangs on no report, and for whoever does not see who the patient is.
    public let report: Report?
    /// By when an answer is hoped for; nil unless `offered`.
    public let answerBy: Instant?
    /// Whom the référent-parcours waits for; empty unless `owned`.
    public let waitingFor: [Asked]
    /// On which basis professionals are asked; nil until the planner has looked.
    public let basis: Assignment.Basis?
    /// Why nobody is asked, or not the patient's own professional: a stable code.
    public let assignmentReason: String?
    /// Why it was withdrawn; nil unless `notice`.
    public let withdrawal: WithdrawalReason?
    /// Nil for somebody who is asked only because they cover the commune: they learn who it is by accepting.
    public let patient: PatientSummary?
    /// Whether who the patient is must not be shown to anybody here, at their own request; `patient` and `visit` are then nil.
    public internal(set) var isIdentityMasked = false
    /// Whether the reader takes part in this patient's care, so that nothing but masking keeps `patient` from them.
    public internal(set) var isReadersPatient = false
    /// Where the patient lives: the commune of the territory, else the city of the address where the patient is shown.
    public let commune: String?
    /// COG code, where the address could be resolved.
    public let communeCode: String?
    /// PV1-19.
    public let visit: String?
    /// The hospital unit the patient leaves.
    public let unit: String?
    public let dischargedAt: Instant?
    public let status: Pathway.Status?
    public let destination: DischargeDestination?
}

extension ToDoItem: Comparable {
    /// Priority, then the end of the window, then the id: total and stable, the same on every screen and on paper.
    public static func < (left: Self, right: Self) -> Bool {
        (left.priority.rawValue, left.dueBy, left.followUp, left.kind.rawValue, left.team?.id ?? "")
            < (right.priority.rawValue, right.dueBy, right.followUp, right.kind.rawValue, right.team?.id ?? "")
    }
}
