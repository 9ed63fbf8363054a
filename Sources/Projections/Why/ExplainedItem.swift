public import Pathways
public import Timekeeping

/// A follow-up as it stands in somebody's list, as far as it is explained: what changes if an event that put it there is taken away.
public struct ExplainedItem: Hashable, Sendable {
    public enum State: String, Hashable, Sendable, CaseIterable {
        case offered
        case accepted
        case owned
        case onHold
        case notice
        // In nobody's list any more.
        case done
        case withdrawn
    }

    /// What the follow-up hangs on, as it stands.
    public enum Anchor: Hashable, Sendable {
        case movement(MovementAnchor)
        /// The sign is nil for who is merely asked.
        case alert(AlertSign?, at: Instant, by: String)
        case missingPrescription(at: Instant, by: String, obtained: Bool)
    }

    public struct MovementAnchor: Hashable, Sendable {
        public let kind: MovementKind
        public let at: Instant
        public let destination: DischargeDestination?
        public var unit: String?
        /// When it was taken back.
        public let takenBackAt: Instant?
        /// When the discharge is expected, for what prepares it.
        public let plannedDischargeAt: Instant?
        /// Position of what said so last.
        let expectedFrom: Int64?
        // What the hospital said last of it, so that of two statements alike the one that counts is told.
        let statement: Statement
        let cancellation: Statement?
    }

    public struct Hold: Hashable, Sendable {
        public let since: Instant
        /// When somebody must look at it.
        public let reviewAt: Instant
    }

    public struct Escalation: Hashable, Sendable {
        /// The deadline that passed.
        public let at: Instant
        public let step: Int
        public let reason: EscalationReason
        /// RPPS.
        public let told: [String]
    }

    /// The follow-up's id.
    public let followUp: String
    public let state: State
    /// The position at which it came into the list like this, and when that happened.
    public let from: Int64
    public let since: Instant
    public let plan: PlannedFollowUp
    /// Position of the planning that stands: what was planned before it, in the same words, is not why.
    let plannedFrom: Int64
    /// RPPS of whoever accepted it.
    public let acceptedBy: String?
    /// The team that is asked, or for which it was accepted.
    public let team: String?
    /// By when an answer is hoped for; nil unless it is `offered`.
    public let answerBy: Instant?
    public let wave: Int?
    /// Why nobody is asked; nil unless it is `owned` and nobody is left to ask.
    public let reason: String?
    public let hold: Hold?
    public let withdrawal: WithdrawalReason?
    public let outcome: FollowUpOutcome?
    /// The last deadline that passed since it was planned.
    public let escalation: Escalation?
    public private(set) var anchor: Anchor?

    /// What may be told to who is merely asked: neither the hospital's unit nor the sign that was seen (CSP L1110-4).
    var withoutHealth: ExplainedItem {
        var item = self
        switch anchor {
        case .movement(var movement):
            movement.unit = nil
            item.anchor = .movement(movement)
        case .alert(_, let at, let by): item.anchor = .alert(nil, at: at, by: by)
        case .missingPrescription, nil: break
        }
        return item
    }
}
