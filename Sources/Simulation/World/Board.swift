import EventStore
import Pathways
import Timekeeping

/// What an observer of the log knows of follow-ups: folded from the events by rules of its own, so that it can contradict the coordinator.
struct Board {
    struct Item {
        let pathway: StreamID
        let role: CareRole
        let recordsHomeReturn: Bool
        let movement: MovementID
        let rule: RuleReference
        var dueFrom: Instant
        var dueBy: Instant
        var status: FollowUp.Status = .open
        /// RPPS.
        var owner: String?
        /// Who is asked now, by addressee.
        var asked: Set<String> = []
        /// Said no, or gave it back.
        var refusedBy: Set<String> = []
        var withdrawal: WithdrawalReason?
        var plannedAt: Instant
        var acceptedAt: Instant?
        var doneAt: Instant?
        var wasLate = false

        /// Late as the protocol's window says it, whatever the scheduler wrote (I6).
        func isLate(at instant: Instant) -> Bool { (status == .open || status == .accepted) && dueBy < instant }
    }

    private(set) var items: [String: Item] = [:]
    private(set) var byPathway: [StreamID: [String]] = [:]
    private(set) var absences = Absences()

    subscript(followUp: String) -> Item? { items[followUp] }

    /// Forgets what has ended in a pathway: a year of a territory must fit into memory.
    mutating func forget(_ pathway: StreamID) {
        for id in byPathway[pathway] ?? [] { items[id] = nil }
        byPathway[pathway] = nil
    }

    mutating func take(_ event: DomainEvent, from recorded: RecordedEvent) {
        switch event {
        case .pathway(let event): take(event, of: recorded)
        case .absenceDeclared(let body): absences.declare(body.rpps, from: body.from, to: body.to)
        case .absenceEnded(let body): absences.end(body.rpps, from: body.from, at: body.at)
        default: break
        }
    }

    private mutating func take(_ event: PathwayEvent, of recorded: RecordedEvent) {
        switch event {
        case .followUpsPlanned(let body):
            for plan in body.followUps { planned(plan, recorded) }
        case .offersMade(let body):
            for solicitation in body.solicitations { items[solicitation.followUp]?.asked.formUnion(solicitation.to) }
        case .offersLapsed(let body): items[body.followUp]?.asked.subtract(body.to)
        case .followUpAccepted(let body):
            change(body.followUp) { item in
                if item.acceptedAt == nil { item.acceptedAt = recorded.recordedAt }
                item.status = .accepted
                item.owner = body.by.rpps
                item.asked = []
            }
        case .followUpDeclined(let body):
            change(body.followUp) { item in
                let addressee = body.team.map { Addressee.team($0).rawValue } ?? body.by.rpps
                item.asked.remove(addressee)
                // Given back by the référent-parcours, it was somebody else's.
                item.refusedBy.insert(body.givenBack ? item.owner ?? body.by.rpps : addressee)
                if body.givenBack, item.owner != nil {
                    item.owner = nil
                    if item.status == .accepted { item.status = .open }
                }
            }
        case .followUpCompleted(let body):
            change(body.followUp) { item in
                item.status = .done
                item.asked = []
                item.doneAt = body.at
                item.wasLate = item.dueBy < body.at
            }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals {
                change(withdrawal.followUp) { item in
                    item.status = .withdrawn
                    item.withdrawal = withdrawal.reason
                    item.asked = []
                }
            }
        case .followUpsHeld(let body):
            for id in body.followUps {
                change(id) { item in
                    item.status = .onHold
                    item.asked = []
                }
            }
        case .followUpsResumed(let body):
            for id in body.followUps { change(id) { $0.status = $0.owner == nil ? .open : .accepted } }
        default: break
        }
    }

    private mutating func planned(_ plan: PlannedFollowUp, _ recorded: RecordedEvent) {
        if var known = items[plan.id], known.status.isPending {
            known.dueFrom = plan.dueFrom
            known.dueBy = plan.dueBy
            items[plan.id] = known
            return
        }
        if items[plan.id] == nil { byPathway[recorded.stream, default: []].append(plan.id) }
        items[plan.id] = Item(
            pathway: recorded.stream,
            role: plan.role,
            recordsHomeReturn: plan.recordsHomeReturn,
            movement: plan.movement,
            rule: plan.rule,
            dueFrom: plan.dueFrom,
            dueBy: plan.dueBy,
            plannedAt: recorded.recordedAt
        )
    }

    private mutating func change(_ id: String, _ body: (inout Item) -> Void) {
        guard var item = items.removeValue(forKey: id) else { return }
        body(&item)
        items[id] = item
    }
}
