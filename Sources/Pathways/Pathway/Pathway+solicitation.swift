import Timekeeping

extension Pathway {
    /// Whether it matters here who comes or goes: somebody is being asked, or nobody could be.
    public var dependsOnWhoIsThere: Bool {
        followUps.contains { $0.status == .open && ($0.isToAssign || !$0.pendingOffers.isEmpty) }
    }

    /// Who is away now answers nothing: they are not waited for, and the next are asked.
    func offersToTheAbsent(_ context: PlanningContext) -> [PathwayEvent] {
        followUps.flatMap { followUp -> [PathwayEvent] in
            guard followUp.status == .open else { return [] }
            let away = followUp.pendingOffers.filter { !context.isAvailable(Addressee(rawValue: $0.to)) }
            return Dictionary(grouping: away, by: \.wave).sorted { $0.key < $1.key }.map { wave, offers in
                .offersLapsed(OffersLapsed(at: context.now, followUp: followUp.id, wave: wave, to: offers.map(\.to), away: true))
            }
        }
    }

    /// Asks whoever comes next for each follow-up for which nobody is being asked.
    func solicitation(_ context: PlanningContext) -> [PathwayEvent] {
        let solicitations = followUps.compactMap { solicitation(for: $0, context) }
        if solicitations.isEmpty { return [] }
        return [
            .offersMade(
                OffersMade(
                    at: context.now,
                    solicitations: solicitations,
                    directoryVersion: context.directoryVersion,
                    loadPosition: context.loadPosition
                )
            )
        ]
    }

    /// Nobody left is said once: from then on the référent-parcours knows.
    private func solicitation(for followUp: FollowUp, _ context: PlanningContext) -> OffersMade.Solicitation? {
        guard followUp.status == .open, followUp.pendingOffers.isEmpty else { return nil }
        var candidate = followUp
        if followUp.isToAssign { candidate.assignment = context.assign(request(for: followUp)) }
        guard let assignment = candidate.assignment else { return nil }
        let asked = candidate.nextAsked(isAvailable: context.isAvailable)
        if asked.isEmpty && followUp.assignment != nil && followUp.hasNobodyToAsk { return nil }
        let minutes = answerMinutes(for: asked, assignment, followUp.plan.solicitation)
        return OffersMade.Solicitation(
            followUp: followUp.id,
            wave: followUp.lastWave + 1,
            to: asked,
            until: Self.answerLimit(of: followUp.plan, minutes: minutes, context),
            assignment: Self.recorded(assignment, asked: asked, after: followUp.offers)
        )
    }

    private func request(for followUp: FollowUp) -> AssignmentRequest {
        let role = followUp.plan.role
        var circle: [String] = []
        let accepted = followUps.filter { $0.id != followUp.id && $0.plan.role == role && $0.status != .withdrawn && $0.acceptedBy != nil }
        for other in accepted.sorted(by: Self.isAcceptedLater) {
            if let rpps = other.acceptedBy, !circle.contains(rpps) { circle.append(rpps) }
        }
        return AssignmentRequest(followUp: followUp.id, role: role, stay: stay, circle: circle)
    }

    private static func isAcceptedLater(_ left: FollowUp, _ right: FollowUp) -> Bool {
        guard let one = left.acceptedAt, let other = right.acceptedAt, one != other else { return left.id < right.id }
        return one > other
    }

    private static func recorded(_ assignment: Assignment, asked: [String], after offers: [Offer]) -> Assignment {
        if asked.isEmpty {
            if assignment.order.isEmpty { return assignment }
            return assignment.exhausted(offers.isEmpty ? Assignment.nobodyOnDuty : Assignment.everybodyAsked)
        }
        guard assignment.reason == Assignment.everybodyAsked else { return assignment }
        // Somebody is back who was not there when the order was gone through.
        return Assignment(
            basis: .coverage,
            order: assignment.order,
            alone: assignment.alone,
            commune: assignment.commune,
            loads: assignment.loads
        )
    }

    private func answerMinutes(for asked: [String], _ assignment: Assignment, _ policy: SolicitationPolicy) -> Int {
        let isAlone = asked.first.flatMap { assignment.order.firstIndex(of: $0) }.map { $0 < assignment.alone } ?? false
        return isAlone ? policy.aloneMinutes : policy.waveMinutes
    }

    /// People are not asked at night, unless it is urgent: they have until so long after the quiet hours. Deadlines know no night.
    private static func answerLimit(of plan: PlannedFollowUp, minutes: Int, _ context: PlanningContext) -> Instant {
        let isQuiet = plan.priority != .urgent
        let start = isQuiet ? context.quietHours?.end(at: context.now, in: context.timeZone) ?? context.now : context.now
        let answer = start.adding(minutes: Int64(max(minutes, 1)))
        return plan.dueBy > context.now ? min(answer, plan.dueBy) : answer
    }
}

extension FollowUp {
    /// Whether the order is to be made: it never was, or there was nobody to ask when it was, and that may have changed.
    var isToAssign: Bool {
        guard let assignment else { return true }
        return hasNobodyToAsk && (assignment.order.isEmpty || assignment.reason == Assignment.nobodyOnDuty)
    }
}
