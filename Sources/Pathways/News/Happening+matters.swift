import Foundation
import Timekeeping

extension Happening {
    /// What the event says, piece by piece. An event that the table has no row for says something all the same: nothing is looked up here.
    func matters(in territory: Territory?) -> [NewsMatter] {
        switch event {
        case .pathway(let event): matters(of: event, territory)
        case .messageUndeliverable(let body): body.told.map { [NewsMatter(told: [$0])] } ?? []
        case .streamErased: [NewsMatter()]
        default: []
        }
    }

    private func matters(of event: PathwayEvent, _ territory: Territory?) -> [NewsMatter] {
        switch event {
        case .offersMade(let body): return body.solicitations.flatMap { offers($0) }
        case .followUpsPlanned(let body): return body.followUps.flatMap(rescheduling) + deathsTakenBack
        case .followUpEscalated(let body):
            let condition: NewsCondition =
                switch body.reason {
                case .dueSoon: .dueSoon
                case .overdue: .overdue
                case .heldForLong: .heldForLong
                }
            return [NewsMatter(followUp: after.followUp(body.followUp), conditions: [condition], told: body.to)]
        case .followUpsWithdrawn(let body): return body.withdrawals.flatMap(withdrawal)
        case .followUpsHeld(let body): return body.followUps.map(waiting)
        case .followUpsResumed(let body): return body.followUps.map(waiting)
        case .followUpAccepted(let body): return [answer(body.followUp)]
        case .followUpDeclined(let body):
            var matter = answer(body.followUp)
            if body.givenBack { matter.conditions = [.givenBack] }
            matter.asked = [(body.team.map { Addressee.team($0) } ?? .professional(body.by.rpps)).rawValue]
            return [matter]
        case .followUpCompleted(let body):
            var matter = answer(body.followUp)
            if body.outcome == .patientAbsent || body.outcome == .patientRefused { matter.conditions = [.notDone] }
            return [matter]
        case .followUpNoted(let body): return [answer(body.followUp)]
        case .withdrawalAcknowledged(let body): return [answer(body.followUp)]
        case .solicitationRestarted(let body): return [answer(body.followUp)]
        case .offersLapsed(let body):
            var matter = answer(body.followUp)
            matter.asked = body.to
            return [matter]
        case .alertSignReported(let body): return [NewsMatter(anchor: .report(body.report))]
        case .prescriptionMissing(let body):
            return [NewsMatter(followUp: body.followUp.flatMap(after.followUp), anchor: .report(body.report))]
        case .prescriptionObtained(let body): return [prescription(body)]
        case .careRefused(let body): return [NewsMatter(conditions: body.followUps.isEmpty ? [.refusesAll] : [])]
        default: return NewsCondition.movements.contains(name) || name == "discharge-planned" ? stayMatters(territory) : [NewsMatter()]
        }
    }

    private func answer(_ id: String) -> NewsMatter { NewsMatter(followUp: after.followUp(id)) }

    // MARK: - Offers

    /// Those who may read the name, and those who may not, apart: they are told other things.
    private func offers(_ solicitation: OffersMade.Solicitation) -> [NewsMatter] {
        let followUp = after.followUp(solicitation.followUp)
        func matter(_ condition: NewsCondition, _ asked: [String], isNamed: Bool) -> NewsMatter {
            NewsMatter(followUp: followUp, conditions: [condition], asked: asked, isNamed: isNamed, answerBy: solicitation.until)
        }
        if solicitation.to.isEmpty {
            guard let plan = followUp?.plan else { return [] }
            let condition: NewsCondition =
                plan.becauseHomeReturnMissing && plan.role == .referent ? .homeReturnMissing : plan.role == .referent ? .referentTask : .nobodyLeft
            return [NewsMatter(followUp: followUp, conditions: [condition])]
        }
        let named = solicitation.to.filter { IdentityRule.isShown(to: $0, asked: solicitation.assignment) }
        let others = solicitation.to.filter { !named.contains($0) }
        return [matter(.namedOffer, named, isNamed: true), matter(.poolOffer, others, isNamed: false)].filter { !$0.asked.isEmpty }
    }

    /// A pending follow-up that is planned again is due at another time.
    private func rescheduling(_ plan: PlannedFollowUp) -> [NewsMatter] {
        guard let known = before.followUp(plan.id), known.status.isPending, let followUp = after.followUp(plan.id),
            known.plan.dueFrom != plan.dueFrom || known.plan.dueBy != plan.dueBy
        else { return [] }
        if known.acceptedBy != nil { return [NewsMatter(followUp: followUp, conditions: [.rescheduledAccepted])] }
        let pending = known.pendingOffers.map(\.to)
        let named = pending.filter { addressee in known.assignment.map { IdentityRule.isShown(to: addressee, asked: $0) } ?? false }
        let others = pending.filter { !named.contains($0) }
        return [(named, true), (others, false)].filter { !$0.0.isEmpty }.map { asked, isNamed in
            NewsMatter(followUp: followUp, conditions: [.rescheduledOffered], asked: asked, isNamed: isNamed)
        }
    }

    /// That the patient is alive after all, where no movement of the visit had said the contrary: those told then are told now.
    private var deathsTakenBack: [NewsMatter] {
        guard !before.toldOfDeath.isEmpty, after.toldOfDeath.isEmpty, !after.history.mentionsDeath else { return [] }
        return [NewsMatter(conditions: [.deathTakenBack], told: before.toldOfDeath.sorted())]
    }

    // MARK: - Ends

    private func withdrawal(_ withdrawal: FollowUpsWithdrawn.Withdrawal) -> [NewsMatter] {
        let followUp = after.followUp(withdrawal.followUp)
        let former = before.followUp(withdrawal.followUp)
        let teams = former?.acceptedBy == nil ? former?.pendingOffers.map(\.to).filter(Self.isTeam) ?? [] : []
        if withdrawal.reason == .deceased || isOfTheDead {
            let told = withdrawal.told.filter { !toldOfDeath.contains($0) }
            let named = told.filter(mayRead)
            let others = told.filter { !named.contains($0) }
            return [
                NewsMatter(followUp: followUp, isOfPathway: true, conditions: [.deceased], told: named),
                NewsMatter(followUp: followUp, isOfPathway: true, conditions: [.deceasedAsked], told: others, teams: teams),
            ]
        }
        let condition: NewsCondition =
            followUp?.acceptedBy == nil ? .withdrawnOffered : isSoon(followUp) ? .withdrawnAcceptedSoon : .withdrawnAccepted
        return [NewsMatter(followUp: followUp, conditions: [condition], told: withdrawal.told, teams: teams)]
    }

    private static func isTeam(_ addressee: String) -> Bool {
        if case .team = Addressee(rawValue: addressee) { true } else { false }
    }

    private func waiting(_ id: String) -> NewsMatter {
        let followUp = after.followUp(id)
        guard followUp?.acceptedBy != nil else { return NewsMatter(followUp: followUp) }
        return NewsMatter(followUp: followUp, conditions: [isSoon(followUp) ? .acceptedSoon : .accepted])
    }

    /// Whether its owner may be on the way.
    private func isSoon(_ followUp: FollowUp?) -> Bool {
        followUp.map { $0.plan.dueFrom <= recordedAt.adding(hours: 24) } ?? false
    }

    private func prescription(_ body: PrescriptionObtained) -> NewsMatter {
        let missing = after.missingPrescriptions.first { $0.report == body.report }
        let isLast = after.missingPrescriptions.allSatisfy { after.obtainedPrescriptions.contains($0.report) }
        return NewsMatter(
            followUp: missing?.followUp.flatMap(after.followUp),
            isOfPathway: true,
            conditions: isLast ? [.allObtained] : [],
            reporter: missing?.by.rpps
        )
    }

    // MARK: - Who may know

    /// Whether somebody may read the patient's name, whatever they were asked: they take part, or were asked as somebody who does.
    func mayRead(_ rpps: String) -> Bool {
        after.isInvolved(rpps) || before.isInvolved(rpps)
            || after.followUps.contains { followUp in
                followUp.offers.contains { $0.to == rpps } && followUp.assignment.map { IdentityRule.isShown(to: rpps, asked: $0) } ?? false
            }
    }
}

extension Pathway {
    /// Whether the patient declared them, or they accepted a follow-up here.
    func isInvolved(_ rpps: String) -> Bool {
        stay.declared.contains { $0.rpps == rpps } || followUps.contains { $0.acceptedBy == rpps }
    }
}
