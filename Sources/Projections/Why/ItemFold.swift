import EventStore
import Pathways
import Timekeeping

/// Folds a pathway's story into one item of a list.
struct ItemFold {
    private let id: String
    private let standpoint: Standpoint
    private(set) var pathway = Pathway()
    private var state: ExplainedItem.State?
    private var since: (position: Int64, at: Instant)?
    private var notice: WithdrawalReason?
    private var escalation: FollowUpEscalated?
    /// The discharge that is expected, and what said so last.
    private var expected: (at: Instant, position: Int64)?
    private var plannedFrom: Int64 = 0

    init(_ id: String, from standpoint: Standpoint) {
        self.id = id
        self.standpoint = standpoint
    }

    init(_ id: String, from standpoint: Standpoint, folding story: some Sequence<ToldEvent>) {
        self.init(id, from: standpoint)
        for told in story { take(told) }
    }

    mutating func take(_ told: ToldEvent) {
        pathway.evolve(with: told.event)
        switch told.event {
        case .followUpEscalated(let body) where body.followUp == id: escalation = body
        // What is planned anew, or for another time, is escalated anew.
        case .followUpsPlanned(let body) where body.followUps.contains { $0.id == id }:
            if pathway.followUp(id)?.escalations == 0 { escalation = nil }
            if pathway.followUp(id)?.status != .done { plannedFrom = told.position }
        case .followUpsWithdrawn(let body):
            if case .told(let rpps) = standpoint, let own = body.withdrawals.last(where: { $0.followUp == id && $0.told.contains(rpps) }) {
                notice = own.reason
            }
        default: break
        }
        notePlannedDischarge(told)
        let next = currentState
        if next != state || renews(told.event) { since = (told.position, told.recorded.time) }
        state = next
    }

    /// Which word on the expected discharge holds.
    private mutating func notePlannedDischarge(_ told: ToldEvent) {
        guard let at = pathway.plannedDischargeAt else {
            expected = nil
            return
        }
        let isSaid =
            switch told.event {
            case .dischargePlanned, .dischargeAnnounced: true
            case .movementCorrected(let body): body.kind == .dischargeAnnouncement
            default: false
            }
        if isSaid || expected?.at != at { expected = (at, told.position) }
    }

    private var currentState: ExplainedItem.State? {
        guard let followUp = pathway.followUp(id) else { return nil }
        switch standpoint {
        case .asked(let addressee):
            return followUp.status == .open && followUp.pendingOffers.contains { $0.to == addressee } ? .offered : nil
        case .told(let rpps): return followUp.toldOfWithdrawal.contains(rpps) ? .notice : nil
        case .owner:
            switch followUp.status {
            case .open: return .owned
            case .accepted: return .accepted
            case .onHold: return .onHold
            case .done: return .done
            case .withdrawn: return .withdrawn
            }
        }
    }

    /// Whether an event says anew what stood already: the latest word is the one that counts.
    private func renews(_ event: PathwayEvent) -> Bool {
        guard let own = event.narrowed(to: id) else { return false }
        switch (own, standpoint) {
        case (.offersMade(let body), .asked(let addressee)): return body.solicitations.contains { $0.to.contains(addressee) }
        case (.followUpsWithdrawn(let body), .told(let rpps)): return body.withdrawals.contains { $0.told.contains(rpps) }
        case (.followUpAccepted, .owner), (.followUpsHeld, .owner), (.followUpCompleted, .owner), (.followUpsWithdrawn, .owner): return true
        default: return false
        }
    }

    // MARK: - The item

    /// Nil if the follow-up is not in the list that is looked at.
    var item: ExplainedItem? {
        guard let state, let since, let followUp = pathway.followUp(id) else { return nil }
        let offer = offer(in: followUp)
        let isOwned = state == .owned && followUp.hasNobodyToAsk
        return ExplainedItem(
            followUp: id,
            state: state,
            from: since.position,
            since: since.at,
            plan: followUp.plan,
            plannedFrom: plannedFrom,
            acceptedBy: state == .accepted || state == .onHold || state == .done ? followUp.acceptedBy : nil,
            team: offer.flatMap(Self.team) ?? (state == .accepted || state == .onHold ? followUp.acceptedFor : nil),
            answerBy: offer?.until,
            wave: offer?.wave,
            reason: isOwned ? followUp.assignment?.reason : nil,
            hold: state == .onHold ? followUp.heldSince.map { .init(since: $0, reviewAt: followUp.reviewAt ?? followUp.plan.dueBy) } : nil,
            withdrawal: state == .notice ? notice : state == .withdrawn ? followUp.withdrawal : nil,
            outcome: state == .done ? followUp.outcome : nil,
            escalation: state.isPending ? escalation.map(Self.escalation) : nil,
            anchor: anchor(of: followUp.plan)
        )
    }

    private func offer(in followUp: FollowUp) -> Offer? {
        guard case .asked(let addressee) = standpoint else { return nil }
        return followUp.pendingOffers.last { $0.to == addressee }
    }

    private static func team(_ offer: Offer) -> String? {
        if case .team(let id) = Addressee(rawValue: offer.to) { id } else { nil }
    }

    private static func escalation(_ body: FollowUpEscalated) -> ExplainedItem.Escalation {
        .init(at: body.at, step: body.step, reason: body.reason, told: body.to)
    }

    private func anchor(of plan: PlannedFollowUp) -> ExplainedItem.Anchor? {
        if plan.movement == .report(plan.movement.value) { return reportAnchor(plan.movement.value) }
        guard let stated = pathway.history.movements.first(where: { $0.movement.id == plan.movement }) else { return nil }
        let waits = plan.trigger == .dischargePlanned
        return .movement(
            ExplainedItem.MovementAnchor(
                kind: stated.kind,
                at: stated.movement.effectiveAt,
                destination: stated.kind == .discharge ? stated.mode?.destination : nil,
                unit: stated.movement.unit.map { $0.label ?? $0.code },
                takenBackAt: stated.cancellation?.recordedAt,
                plannedDischargeAt: waits ? expected?.at : nil,
                expectedFrom: waits ? expected?.position : nil,
                statement: stated.movement.statement,
                cancellation: stated.cancellation
            )
        )
    }

    private func reportAnchor(_ report: String) -> ExplainedItem.Anchor? {
        if let alert = pathway.alerts.last(where: { $0.report == report }) { return .alert(alert.sign, at: alert.at, by: alert.by.rpps) }
        guard let missing = pathway.missingPrescriptions.last(where: { $0.report == report }) else { return nil }
        return .missingPrescription(at: missing.at, by: missing.by.rpps, obtained: pathway.obtainedPrescriptions.contains(report))
    }
}

extension ExplainedItem.State {
    /// Whether somebody still has to act.
    var isPending: Bool {
        switch self {
        case .offered, .accepted, .owned, .onHold: true
        case .notice, .done, .withdrawn: false
        }
    }
}
