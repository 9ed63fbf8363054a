import EventStore
import Pathways
import Timekeeping

/// Follows the follow-ups of a log, event by event: who is asked what, who answers, and the figures of a period. The same rules for history
/// and for what is run again.
struct FollowUpWatch: Sendable {
    struct Subject: Sendable {
        let pathway: StreamID
        let rule: RuleReference
        let role: CareRole
        var dueFrom: Instant
        var dueBy: Instant
        let plannedAt: Instant
        var status = FollowUp.Status.open
        /// RPPS.
        var owner: String?
        var acceptedAt: Instant?
        var doneAt: Instant?
        /// Not answered, and not without object yet.
        var open: [Asked] = []
    }

    enum Sign {
        case asked(Asked)
        case answered(Asked, Deed)
        /// Nobody can answer any more, or it is asked anew.
        case ended(Asked)
        /// A deed that nobody asked for.
        case unasked(followUp: String, in: StreamID, Deed)
    }

    private(set) var subjects: [String: Subject] = [:]
    private(set) var figures = WhatIfFigures()
    private var signs: [Sign] = []

    /// Counts from here on; what has ended before counts no more.
    mutating func beginPeriod() {
        figures = WhatIfFigures()
        subjects = subjects.filter { $0.value.status.isPending }
    }

    func isOpen(_ question: Question) -> Bool { subjects[question.followUp]?.open.contains { $0.question == question } ?? false }

    /// Ids of those that were done after the end of their window, or are pending beyond it. What is on hold is not late.
    func late(at end: Instant) -> Set<String> {
        Set(
            subjects.filter { subject in
                switch subject.value.status {
                case .done: subject.value.doneAt.map { subject.value.dueBy < $0 } ?? false
                case .open, .accepted: subject.value.dueBy < end
                case .onHold, .withdrawn: false
                }
            }
            .keys
        )
    }

    /// Takes in an event of a pathway's stream.
    ///
    /// - Parameter isDerived: whether it only follows from another event of its append: a completion by an acceptance, or by a home return.
    /// - Returns: what it means, in order.
    mutating func take(_ event: PathwayEvent, in stream: StreamID, at recordedAt: Instant, isDerived: Bool) -> [Sign] {
        signs = []
        switch event {
        case .followUpsPlanned(let body):
            for plan in body.followUps { planned(plan, stream, recordedAt) }
        case .offersMade(let body):
            for solicitation in body.solicitations { asked(solicitation, body.at) }
        case .followUpAccepted(let body): accepted(body, recordedAt)
        case .followUpDeclined(let body): declined(body, stream)
        case .followUpCompleted(let body): completed(body, stream, recordedAt, isDerived)
        case .solicitationRestarted(let body):
            let deed = Deed(kind: .askAgain, by: body.by.rpps)
            answer(body.followUp, stream, deed) { $0.kind == .nobodyLeft || ($0.kind == .notice && $0.who == body.by.rpps) }
            end(body.followUp) { $0.kind == .offer || $0.kind == .nobodyLeft }
        case .followUpEscalated(let body): told(body)
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals {
                figures.withdrawalNotices += withdrawal.told.count
                end(withdrawal.followUp) { _ in true }
                subjects[withdrawal.followUp]?.status = .withdrawn
            }
        case .followUpsHeld(let body):
            for id in body.followUps {
                end(id) { _ in true }
                subjects[id]?.status = .onHold
            }
        case .followUpsResumed(let body):
            for id in body.followUps {
                let owner = subjects[id]?.owner
                subjects[id]?.status = owner == nil ? .open : .accepted
                if let owner { ask(.work, id, owner, body.at) }
            }
        default: break
        }
        return signs
    }

    // MARK: - What is planned and asked

    private mutating func planned(_ plan: PlannedFollowUp, _ stream: StreamID, _ recordedAt: Instant) {
        if subjects[plan.id]?.status.isPending == true {
            subjects[plan.id]?.dueFrom = plan.dueFrom
            subjects[plan.id]?.dueBy = plan.dueBy
            return
        }
        figures.planned += 1
        subjects[plan.id] = Subject(
            pathway: stream,
            rule: plan.rule,
            role: plan.role,
            dueFrom: plan.dueFrom,
            dueBy: plan.dueBy,
            plannedAt: recordedAt
        )
    }

    private mutating func asked(_ offer: OffersMade.Solicitation, _ at: Instant) {
        figures.offers += offer.to.count
        end(offer.followUp) { $0.kind == .nobodyLeft }
        for who in offer.to { ask(.offer, offer.followUp, who, at) }
        guard offer.to.isEmpty else { return }
        figures.nobodyLeft += 1
        ask(.nobodyLeft, offer.followUp, "", at)
    }

    private mutating func told(_ notice: FollowUpEscalated) {
        figures.escalationNotices += notice.to.count
        // That an owner is told does not make them come sooner: an assumption, on the safe side.
        for who in notice.to where who != subjects[notice.followUp]?.owner { ask(.notice, notice.followUp, who, notice.at) }
    }

    private mutating func ask(_ kind: Question.Kind, _ followUp: String, _ who: String, _ at: Instant) {
        guard let subject = subjects[followUp] else { return }
        end(followUp) { $0.kind == kind && $0.who == who }
        let asked = Asked(
            question: Question(kind: kind, followUp: followUp, who: who, at: at.millisecondsSinceEpoch),
            pathway: subject.pathway,
            rule: subject.rule,
            role: subject.role,
            base: kind == .work ? max(at, subject.dueFrom) : at
        )
        subjects[followUp]?.open.append(asked)
        signs.append(.asked(asked))
    }

    // MARK: - What is answered

    private mutating func accepted(_ body: FollowUpAccepted, _ recordedAt: Instant) {
        guard let subject = subjects[body.followUp] else { return }
        let who = (body.team.map { Addressee.team($0) } ?? .professional(body.by.rpps)).rawValue
        answer(body.followUp, subject.pathway, Deed(kind: .accept, by: body.by.rpps, team: body.team)) { question in
            switch question.kind {
            case .offer: question.who == who
            case .nobodyLeft: body.by.capacity == .referent
            case .notice: question.who == body.by.rpps
            case .work: false
            }
        }
        end(body.followUp) { $0.kind == .offer || $0.kind == .nobodyLeft }
        figures.acceptances[body.by.rpps, default: 0] += 1
        if subject.acceptedAt == nil { figures.minutesToAcceptance.append(recordedAt.milliseconds(since: subject.plannedAt) / 60_000) }
        subjects[body.followUp]?.acceptedAt = subject.acceptedAt ?? recordedAt
        subjects[body.followUp]?.owner = body.by.rpps
        if subject.status == .open { subjects[body.followUp]?.status = .accepted }
        ask(.work, body.followUp, body.by.rpps, body.at)
    }

    private mutating func declined(_ body: FollowUpDeclined, _ stream: StreamID) {
        let who = (body.team.map { Addressee.team($0) } ?? .professional(body.by.rpps)).rawValue
        guard body.givenBack else {
            answer(body.followUp, stream, Deed(kind: .decline(body.reason), by: body.by.rpps, team: body.team)) { $0.kind == .offer && $0.who == who }
            return
        }
        answer(body.followUp, stream, Deed(kind: .giveBack(body.reason), by: body.by.rpps)) { $0.kind == .work && $0.who == body.by.rpps }
        end(body.followUp) { $0.kind == .work }
        subjects[body.followUp]?.owner = nil
        if subjects[body.followUp]?.status == .accepted { subjects[body.followUp]?.status = .open }
    }

    private mutating func completed(_ body: FollowUpCompleted, _ stream: StreamID, _ recordedAt: Instant, _ isDerived: Bool) {
        if !isDerived {
            let deed = Deed(kind: .complete(body.outcome, reportedAfter: recordedAt.milliseconds(since: body.at)), by: body.by.rpps)
            let isOwner = subjects[body.followUp]?.owner == body.by.rpps
            answer(body.followUp, stream, deed) { question in
                switch question.kind {
                case .work: isOwner && question.who == body.by.rpps
                case .notice, .offer: !isOwner && question.who == body.by.rpps
                case .nobodyLeft: !isOwner && body.by.capacity == .referent
                }
            }
        }
        end(body.followUp) { _ in true }
        figures.done += 1
        subjects[body.followUp]?.status = .done
        subjects[body.followUp]?.doneAt = body.at
    }

    private mutating func answer(_ followUp: String, _ stream: StreamID, _ deed: Deed, _ isMeant: (Question) -> Bool) {
        guard let index = subjects[followUp]?.open.lastIndex(where: { isMeant($0.question) }),
            let asked = subjects[followUp]?.open.remove(at: index)
        else {
            signs.append(.unasked(followUp: followUp, in: stream, deed))
            return
        }
        signs.append(.answered(asked, deed))
    }

    private mutating func end(_ followUp: String, _ isMeant: (Question) -> Bool) {
        guard let open = subjects[followUp]?.open, !open.isEmpty else { return }
        for asked in open where isMeant(asked.question) { signs.append(.ended(asked)) }
        subjects[followUp]?.open = open.filter { !isMeant($0.question) }
    }
}
