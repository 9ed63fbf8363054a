public import Timekeeping

/// One thing that someone in the city must do for this patient, by when. Its id is an HMAC of (pathway, protocol, rule, movement), so
/// that planning again after a late or repeated message finds it again.
public struct FollowUp: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case open
        case accepted
        /// Suspended, while the patient is back in hospital. Who had accepted it keeps it.
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
    /// The team for which they accepted it, if it was the team that was asked.
    public internal(set) var acceptedFor: String?
    public internal(set) var offers: [Offer] = []
    /// Whom the planner would ask, in order, and why; nil until it has looked, and once it has to look anew.
    public internal(set) var assignment: Assignment?
    /// Whether the last look found nobody left to ask.
    public internal(set) var hasNobodyToAsk = false
    /// Gave it back after having accepted it, or had it taken back by the référent-parcours: not asked again.
    public internal(set) var givenBackBy: [String] = []
    /// How many steps of escalation are recorded, those that were passed over included.
    public internal(set) var escalations = 0
    /// When the patient came back to hospital; nil unless it is on hold.
    public internal(set) var heldSince: Instant?
    /// When somebody must look at what is on hold.
    public internal(set) var reviewAt: Instant?
    public internal(set) var outcome: FollowUpOutcome?
    public internal(set) var withdrawal: WithdrawalReason?
    /// Professionals who were told of the withdrawal and have not yet said that they saw it.
    public internal(set) var toldOfWithdrawal: [String] = []
    public internal(set) var closedAt: Instant?
    /// Who let an offer of a wave up to this one lapse may be asked again: the référent-parcours had it offered anew.
    var restartedAfterWave = 0

    public var id: String { plan.id }

    init(plan: PlannedFollowUp) { self.plan = plan }

    /// Who answers for it; nil once it has ended.
    public var owner: Owner? {
        guard status.isPending else { return nil }
        return acceptedBy.map(Owner.professional) ?? .referent
    }

    /// Computed, never stored (I6). What is on hold is not late.
    public func isLate(at instant: Instant) -> Bool { (status == .open || status == .accepted) && plan.dueBy < instant }

    /// Offers that still wait for an answer.
    public var pendingOffers: [Offer] { offers.filter { $0.answer == .made } }

    /// The last wave that was asked; 0 before the first.
    var lastWave: Int { offers.map(\.wave).max() ?? 0 }

    /// Whether somebody was asked, themselves or with their team, at any time: they may still say yes.
    func wasOffered(to rpps: String, team: String?) -> Bool {
        offers.contains { $0.to == rpps || (team.map { Addressee.team($0).rawValue } == $0.to) }
    }

    /// Who must be told when it ends: who accepted it, else who is being asked. A team's queue simply loses it.
    var concerned: [String] {
        if let acceptedBy { return [acceptedBy] }
        return pendingOffers.compactMap { if case .professional(let rpps) = Addressee(rawValue: $0.to) { rpps } else { nil } }
    }

    /// Whom to ask next: one alone as long as the order says so, then a wave. Neither who was asked before without an end to it, nor who
    /// declined or gave back, nor who is not there.
    public func nextAsked(isAvailable: (Addressee) -> Bool) -> [String] {
        guard let assignment else { return [] }
        let excluded = Set(offers.filter(isFinal).map(\.to)).union(givenBackBy)
        let left = assignment.order.enumerated().filter { !excluded.contains($1) && isAvailable(Addressee(rawValue: $1)) }
        guard let first = left.first else { return [] }
        return first.offset < assignment.alone ? [first.element] : left.prefix(max(plan.solicitation.waveSize, 1)).map(\.element)
    }

    private func isFinal(_ offer: Offer) -> Bool {
        switch offer.answer {
        case .declined: true
        case .superseded: false
        case .made, .accepted, .lapsed: offer.wave > restartedAfterWave
        }
    }
}
