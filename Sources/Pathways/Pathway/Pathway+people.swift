import Timekeeping

/// What professionals say of the pathway itself, beside their answers to follow-ups.
extension Pathway {
    /// Said twice, it counts once: reports have ids of their own.
    func report(_ event: AlertSignReported) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        if let followUp = event.followUp { _ = try known(followUp) }
        return alerts.contains { $0.report == event.report } ? [] : [.alertSignReported(event)]
    }

    func report(_ event: PrescriptionMissing) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        if let followUp = event.followUp { _ = try known(followUp) }
        return missingPrescriptions.contains { $0.report == event.report } ? [] : [.prescriptionMissing(event)]
    }

    func obtain(_ report: String, by: Attribution, at instant: Instant) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        guard missingPrescriptions.contains(where: { $0.report == report }) else {
            throw Rejection(.unknownReport, "this pathway has no report of a missing prescription of that id")
        }
        return obtainedPrescriptions.contains(report) ? [] : [.prescriptionObtained(PrescriptionObtained(report: report, at: instant, by: by))]
    }

    /// - Parameter ids: none for all.
    func refuse(_ ids: [String], by: Attribution, at instant: Instant) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        for id in ids { _ = try known(id) }
        if ids.isEmpty ? refusesAll : ids.allSatisfy(refuses) { return [] }
        return [.careRefused(CareRefused(at: instant, by: by, followUps: ids))]
    }

    /// Whether the patient refuses all follow-ups, those to come included: all that can be refused without being named.
    public var refusesAll: Bool { refusals.contains(where: \.followUps.isEmpty) }

    /// Whether the patient refuses the follow-up of this id.
    public func refuses(_ id: String) -> Bool { place(of: id).map { refuses(followUps[$0].plan) } ?? refusesByName(id) }

    func refuses(_ plan: PlannedFollowUp) -> Bool {
        refusesByName(plan.id) || (refusesAll && plan.trigger.isRefusedWithAll(as: plan.role))
    }

    private func refusesByName(_ id: String) -> Bool { refusals.contains { $0.followUps.contains(id) } }

    func solicitAgain(_ followUp: FollowUp, by: Attribution, at instant: Instant) throws(Rejection) -> [PathwayEvent] {
        try checkIsReferent(by)
        switch followUp.status {
        case .done, .withdrawn: throw Rejection(.alreadyClosed, "this follow-up is \(followUp.status.rawValue)")
        case .accepted: throw Rejection(.alreadyAccepted, "somebody accepted this follow-up")
        case .onHold: throw Rejection(.onHold, "the patient is back in hospital; this follow-up waits until they leave")
        case .open:
            // The planner has not looked since it was planned, or asked for anew; or somebody is being asked already, and may still answer.
            if followUp.assignment == nil || !followUp.pendingOffers.isEmpty { return [] }
            return [.solicitationRestarted(SolicitationRestarted(followUp: followUp.id, at: instant, by: by))]
        }
    }

    func close(_ reason: ClosingReason, by: Attribution, at instant: Instant) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        try checkIsReferent(by)
        if closed != nil { return [] }
        guard stay.status == .discharged || endedInDeath else {
            throw Rejection(.notDischarged, "a pathway is closed after a discharge; this patient is not discharged")
        }
        let pending = followUps.filter(\.status.isPending)
        let withdrawal: WithdrawalReason
        switch reason {
        case .refusal: withdrawal = .refused
        case .followedElsewhere: withdrawal = .followedElsewhere
        case .goalReached, .timeOut, .deceased, .other:
            guard pending.isEmpty else {
                throw Rejection(.stillPending, "\(pending.count) follow-ups are pending; they must end before the pathway is closed")
            }
            withdrawal = .superseded
        }
        let closing = PathwayEvent.pathwayClosed(PathwayClosed(at: instant, reason: reason, by: by))
        if pending.isEmpty { return [closing] }
        let withdrawals = pending.map { FollowUpsWithdrawn.Withdrawal(followUp: $0.id, reason: withdrawal, told: $0.concerned) }
        return [.followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: withdrawals)), closing]
    }

    func reopen(by: Attribution, at instant: Instant) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        try checkIsReferent(by)
        return closed == nil ? [] : [.pathwayReopened(PathwayReopened(at: instant, by: by))]
    }

    private func checkIsReferent(_ by: Attribution) throws(Rejection) {
        guard by.capacity == .referent else { throw Rejection(.referentOnly, "only the référent-parcours may do this") }
    }
}
