import Pathways
import Timekeeping

/// Who owns which follow-up of a pathway, kept from its events alone and apart from the domain's own fold; and what was ever wrong in them.
struct Ledger {
    struct Account {
        let plan: PlannedFollowUp
        /// Nil: the référent-parcours.
        var owner: String?
        var isPending = true
        var order: [String] = []
        /// Asked, and neither answered nor ended.
        var asked: [(rpps: String, until: Instant)] = []
        var refusedBy: Set<String> = []
        /// Let their time pass.
        var silent: Set<String> = []
        var isOnHold = false
        /// How many at the head of the order are asked alone.
        var alone = 0

        /// Whom the next wave may ask.
        var remaining: [String] {
            order.filter { rpps in !refusedBy.contains(rpps) && !silent.contains(rpps) && !asked.contains { $0.rpps == rpps } }
        }

        /// Whom the next wave must ask.
        var next: [String] {
            guard let first = remaining.first else { return [] }
            return order.prefix(alone).contains(first) ? [first] : Array(remaining.prefix(plan.solicitation.waveSize))
        }
    }

    private(set) var accounts: [String: Account] = [:]
    private(set) var faults: [String] = []

    /// - Parameter published: the published order of a follow-up among those who cover it.
    init(_ events: [PathwayEvent], published: (PlannedFollowUp) -> [String]) {
        for event in events { take(event, published) }
    }

    private mutating func take(_ event: PathwayEvent, _ published: (PlannedFollowUp) -> [String]) {
        switch event {
        case .followUpsPlanned(let body):
            for plan in body.followUps {
                let known = accounts[plan.id]
                if known?.isPending == true { faults.append("\(plan.rule) planned while it was open") }
                var account = Account(plan: plan)
                account.refusedBy = known?.refusedBy ?? []
                account.silent = known?.silent ?? []
                accounts[plan.id] = account
            }
        case .offersMade(let body):
            for solicitation in body.solicitations { ask(solicitation, at: body.at, published) }
        case .followUpAccepted(let body):
            update(body.followUp) {
                $0.owner = body.by.rpps
                $0.asked = []
            }
        case .followUpDeclined(let body):
            update(body.followUp) { account in
                // The référent-parcours may take it back from whoever has it.
                account.refusedBy.insert(body.givenBack ? account.owner ?? body.by.rpps : body.by.rpps)
                if body.givenBack { account.owner = nil }
                account.asked.removeAll { $0.rpps == body.by.rpps }
            }
        case .offersLapsed(let body):
            update(body.followUp) { account in
                // Who is away had no time to pass.
                if !body.away { account.silent.formUnion(body.to) }
                account.asked.removeAll { body.to.contains($0.rpps) && (body.away || $0.until == body.at) }
            }
            if !body.away, accounts[body.followUp]?.asked.isEmpty != true { faults.append("an offer lapsed at another time than its own") }
        case .followUpsHeld(let body):
            for id in body.followUps {
                update(id) { account in
                    account.isOnHold = true
                    account.asked = []
                }
            }
        case .followUpsResumed(let body): for id in body.followUps { update(id) { $0.isOnHold = false } }
        case .followUpCompleted(let body): update(body.followUp) { $0.isPending = false }
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals {
                let told = Set(withdrawal.told)
                update(withdrawal.followUp) { $0.isPending = false }
                guard let account = accounts[withdrawal.followUp] else { continue }
                let concerned = Set(account.owner.map { [$0] } ?? account.asked.map(\.rpps))
                if told != concerned { faults.append("\(account.plan.rule) withdrawn, and \(told) told instead of \(concerned)") }
            }
        default: break
        }
    }

    private mutating func ask(_ solicitation: OffersMade.Solicitation, at instant: Instant, _ published: (PlannedFollowUp) -> [String]) {
        guard var account = accounts[solicitation.followUp] else {
            faults.append("an offer of a follow-up that was never planned")
            return
        }
        let rule = account.plan.rule
        if !account.isPending || account.isOnHold || account.owner != nil { faults.append("\(rule) offered though it is not open") }
        if !account.asked.isEmpty { faults.append("\(rule) offered to others while some are asked") }
        let loads = Dictionary(solicitation.assignment.loads.map { ($0.who, $0.inHand) }, uniquingKeysWith: { first, _ in first })
        let ranked = published(account.plan).enumerated().sorted { (loads[$0.element] ?? 0, $0.offset) < (loads[$1.element] ?? 0, $1.offset) }
        let alone = Array(solicitation.assignment.order.prefix(solicitation.assignment.alone))
        if solicitation.assignment.order != alone + ranked.map(\.element).filter({ !alone.contains($0) }) {
            faults.append("\(rule) offered in another order than the published one")
        }
        account.alone = alone.count
        if let refused = solicitation.to.first(where: account.refusedBy.contains) { faults.append("\(rule) offered to \(refused), who refused it") }
        account.order = solicitation.assignment.order
        if solicitation.to != account.next { faults.append("\(rule) offered out of turn: \(solicitation.to)") }
        if solicitation.until <= instant { faults.append("\(rule) to be answered before it is offered") }
        if account.plan.dueBy > instant, solicitation.until > account.plan.dueBy { faults.append("\(rule) to be answered after it is due") }
        account.asked = solicitation.to.map { ($0, solicitation.until) }
        accounts[solicitation.followUp] = account
    }

    private mutating func update(_ id: String, _ change: (inout Account) -> Void) {
        guard var account = accounts[id], account.isPending else {
            faults.append("something happened to a follow-up that is not open")
            return
        }
        change(&account)
        accounts[id] = account
    }
}
