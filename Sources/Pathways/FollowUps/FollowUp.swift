public import Timekeeping

/// One thing that someone in the city must do for this patient, by when. Its id is an HMAC of (pathway, protocol, rule, movement), so
/// that planning again after a late or repeated message finds it again.
public struct FollowUp: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case open
        case accepted
        /// Suspended, during a readmission.
        case onHold
        case done
        /// Ended by the pathway itself, with a reason.
        case withdrawn

        /// Whether somebody still has to act.
        public var isPending: Bool { self == .open || self == .accepted || self == .onHold }
    }

    public internal(set) var plan: PlannedFollowUp
    public internal(set) var status: Status = .open
    /// Who accepted it; the référent-parcours owns it while nobody has (I7).
    public internal(set) var acceptedBy: String?
    public internal(set) var acceptedAt: Instant?
    public internal(set) var offers: [Offer] = []
    /// Whom the planner would ask, in order, and why; nil until it has looked.
    public internal(set) var assignment: Assignment?
    /// Gave it back after having accepted it: not asked again.
    public internal(set) var givenBackBy: [String] = []
    public internal(set) var outcome: FollowUpOutcome?
    public internal(set) var withdrawal: WithdrawalReason?
    /// Professionals who were told of the withdrawal and have not yet said that they saw it.
    public internal(set) var toldOfWithdrawal: [String] = []
    public internal(set) var closedAt: Instant?

    public var id: String { plan.id }

    init(plan: PlannedFollowUp) { self.plan = plan }

    /// Computed, never stored (I6).
    public func isLate(at instant: Instant) -> Bool { status.isPending && plan.dueBy < instant }

    /// Offers that still wait for an answer.
    public var pendingOffers: [Offer] { offers.filter { $0.answer == .made } }

    /// The one next deadline of I7: the earliest answer awaited while it is open, else the end of its window.
    public var nextDeadline: Instant { status == .open ? pendingOffers.map(\.until).min() ?? plan.dueBy : plan.dueBy }

    /// Who may be asked next, in the published order: neither asked before without an end to it, nor having declined or given back.
    func nextCandidates(_ count: Int) -> [String] {
        guard let assignment else { return [] }
        let excluded = Set(offers.filter { $0.answer != .superseded }.map(\.to)).union(givenBackBy)
        return Array(assignment.order.lazy.filter { !excluded.contains($0) }.prefix(count))
    }
}
