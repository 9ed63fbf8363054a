import EventStore
import Pathways
import Timekeeping

/// The professionals of the territory: what they do when something reaches them.
struct Staff {
    struct Intention {
        var act: Act
        var at: Instant
    }

    private let habits: StaffHabits
    private let referent: String
    private var colleagues: [String: Colleague] = [:]
    private var members: [String: [String]] = [:]
    private var replacements: [CareRole: [String]] = [:]
    private var order: [String] = []
    private var random: SplitMix64
    private var acts = 0
    /// How often the référent-parcours had a follow-up offered anew.
    private var restarts: [String: Int] = [:]

    init(_ territory: Territory, habits: StaffHabits, random: SplitMix64) {
        self.habits = habits
        self.random = random
        referent = territory.referent.rpps.value
        for team in territory.teams { members[team.id] = team.members.map(\.value) }
        for professional in territory.professionals {
            let colleague = Colleague(professional, habits: habits, using: &self.random)
            colleagues[colleague.rpps] = colleague
            replacements[colleague.role, default: []].append(colleague.rpps)
            order.append(colleague.rpps)
        }
    }

    // MARK: - What an event makes them want

    mutating func react(to event: DomainEvent, from recorded: RecordedEvent, on board: Board, now: Instant) -> [Intention] {
        guard case .pathway(let event) = event else { return [] }
        let pathway = recorded.stream
        switch event {
        case .offersMade(let body):
            return body.solicitations.flatMap { asked($0, in: pathway, on: board, now: now) }
        case .followUpAccepted(let body):
            return accepted(body.followUp, by: body.by.rpps, in: pathway, on: board, now: now)
        case .followUpsResumed(let body):
            return body.followUps.flatMap { id in
                board[id]?.owner.map { accepted(id, by: $0, in: pathway, on: board, now: now) } ?? []
            }
        case .followUpEscalated(let body):
            return body.to.compactMap { rpps in
                guard random.chance(rpps == referent ? 0.9 : 0.75) else { return nil }
                return intend(.catchUp, rpps, pathway, body.followUp, afterMinutes: random.logNormal(median: 70, spread: 0.8), from: now)
            }
        case .followUpsWithdrawn(let body):
            return body.withdrawals.flatMap { withdrawal in
                withdrawal.told.map {
                    intend(.seeWithdrawal, $0, pathway, withdrawal.followUp, afterMinutes: random.logNormal(median: 240, spread: 1), from: now)
                }
            }
        case .prescriptionMissing(let body):
            let minutes = random.logNormal(median: 300, spread: 0.8)
            return random.chance(0.6)
                ? [intend(.obtainPrescription(report: body.report), referent, pathway, nil, afterMinutes: minutes, from: now)] : []
        default: return []
        }
    }

    private mutating func asked(_ offer: OffersMade.Solicitation, in pathway: StreamID, on board: Board, now: Instant) -> [Intention] {
        guard let item = board[offer.followUp] else { return [] }
        if offer.to.isEmpty {
            if item.role == .referent { return [finishing(offer.followUp, by: referent, item, in: pathway, now: now)] }
            return [intend(.lookAfter, referent, pathway, offer.followUp, afterMinutes: random.logNormal(median: 90, spread: 0.8), from: now)]
        }
        return offer.to.flatMap { asked in
            switch Addressee(rawValue: asked) {
            case .professional(let rpps): return [answer(rpps, nil, 1, offer.followUp, pathway, board, now)].compactMap(\.self)
            // In a team each reads the queue now and then.
            case .team(let id): return (members[id] ?? []).compactMap { answer($0, id, 0.45, offer.followUp, pathway, board, now) }
            }
        }
    }

    private mutating func answer(
        _ rpps: String,
        _ team: String?,
        _ attention: Double,
        _ followUp: String,
        _ pathway: StreamID,
        _ board: Board,
        _ now: Instant
    ) -> Intention? {
        guard let colleague = colleagues[rpps] else { return nil }
        let ticket = random.unit() / attention
        let minutes = random.logNormal(median: colleague.answerMinutes, spread: habits.answerSpread)
        let reason = random.pick(DeclineReason.allCases) ?? .noCapacity
        // Whoever is away by then does not answer.
        let at = colleague.hours.after(minutes, from: now)
        if board.absences.isAway(rpps, at: at) { return nil }
        let deed: Act.Deed
        if ticket < colleague.accepts {
            deed = .accept(team: team)
        } else if ticket < colleague.accepts + colleague.declines, team == nil || random.chance(0.1) {
            deed = .decline(team: team, reason)
        } else {
            return nil
        }
        return Intention(act: act(deed, rpps, pathway, followUp), at: at)
    }

    private mutating func accepted(_ id: String, by rpps: String, in pathway: StreamID, on board: Board, now: Instant) -> [Intention] {
        guard let item = board[id], colleagues[rpps] != nil else { return [] }
        if random.chance(habits.forgotten) { return [] }
        if random.chance(habits.givenBack) {
            return [intend(.giveBack, rpps, pathway, id, afterMinutes: random.logNormal(median: 300, spread: 0.7), from: now)]
        }
        var intentions = [finishing(id, by: rpps, item, in: pathway, now: now)]
        let visit = intentions[0].at
        if random.chance(habits.alertSigns), let sign = random.pick(AlertSign.allCases) {
            intentions.append(Intention(act: act(.reportAlert(sign), rpps, pathway, id), at: visit.adding(minutes: -5)))
        }
        if item.role == .nurse || item.role == .pharmacist, random.chance(habits.missingPrescriptions) {
            intentions.append(Intention(act: act(.reportPrescriptionMissing, rpps, pathway, id), at: visit.adding(minutes: -15)))
        }
        return intentions
    }

    private mutating func finishing(_ id: String, by rpps: String, _ item: Board.Item, in pathway: StreamID, now: Instant) -> Intention {
        let outcomes: [FollowUpOutcome] = [.done, .patientAbsent, .patientRefused, .alreadyDone]
        let outcome = outcomes[random.weighted([0.94, 0.02, 0.01, 0.03])]
        let isLate = random.chance(habits.late)
        let from = max(now.adding(minutes: 20), item.dueFrom)
        let room = max(0, Double(item.dueBy.milliseconds(since: from)))
        let spent = isLate ? room + Double(random.between(60, 3_000)) * 60_000 : room * random.unit()
        return Intention(act: act(.finish(outcome), rpps, pathway, id), at: from.adding(milliseconds: Int64(spent)))
    }

    // MARK: - What the référent-parcours decides

    /// Whether to have a follow-up that nobody took offered anew, rather than to take it in hand.
    mutating func asksAgain(for followUp: String) -> Bool {
        guard restarts[followUp, default: 0] < 2, random.chance(0.5) else { return false }
        restarts[followUp, default: 0] += 1
        return true
    }

    // MARK: - Absences

    /// Absences that are declared on a day.
    mutating func absences(today day: Int, on board: Board) -> [Intention] {
        var intentions: [Intention] = []
        for _ in 0..<random.poisson(Double(order.count) * habits.absencesPerYear / 365) {
            guard let rpps = random.pick(order), let colleague = colleagues[rpps] else { continue }
            let from = ParisTime.instant(day: day + random.between(1, 10), minute: 0)
            let to = ParisTime.instant(day: ParisTime.reading(from).day + random.between(1, 14), minute: 0)
            let others = replacements[colleague.role, default: []].filter { $0 != rpps }
            let replacement = random.chance(habits.replaced) ? random.pick(others) : nil
            let declared = ParisTime.instant(day: day, minute: random.between(8 * 60, 18 * 60))
            if [.referent, .dischargingUnit].contains(colleague.role) || board.absences.overlaps(rpps, from: from, to: to) { continue }
            let deed = Act.Deed.declareAbsence(from: from, to: to, replacement: replacement)
            intentions.append(Intention(act: act(deed, rpps, nil, nil), at: declared))
            if random.chance(0.1) {
                let back = from.adding(hours: Int64(random.between(2, 60)))
                if back < to { intentions.append(Intention(act: act(.endAbsence(from: from), rpps, nil, nil), at: back)) }
            }
        }
        return intentions
    }

    // MARK: - Acts

    mutating func act(_ deed: Act.Deed, _ rpps: String, _ pathway: StreamID?, _ followUp: String?) -> Act {
        acts += 1
        return Act(number: acts, rpps: rpps, pathway: pathway, followUp: followUp, deed: deed)
    }

    private mutating func intend(
        _ deed: Act.Deed,
        _ rpps: String,
        _ pathway: StreamID,
        _ followUp: String?,
        afterMinutes minutes: Double,
        from now: Instant
    ) -> Intention {
        let hours = colleagues[rpps]?.hours ?? .office
        return Intention(act: act(deed, rpps, pathway, followUp), at: hours.after(minutes, from: now))
    }
}
