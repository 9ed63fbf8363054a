public import Timekeeping

/// Someone who takes part in this patient's care, and on which basis (CSP L1110-4, L1110-12): being a member of the territory is none.
public struct CareCircleMember: Hashable, Sendable {
    public enum Basis: String, Hashable, Sendable {
        /// Declared by the patient to the hospital (« exchange » with a named recipient).
        case declared
        /// Accepted a follow-up of this pathway.
        case acceptedFollowUp
    }

    public let rpps: String
    public let role: CareRole
    public let basis: Basis
    /// `occurredAt` of the event that made them a member.
    public let since: Instant
}
