import Timekeeping

/// What a command makes happen to a pathway: pure, no clock, no chance. Nothing to do is an empty answer, not an error.
/// - Throws: `Rejection` with a stable code when the command contradicts what is known.
public func decide(
    _ command: PathwayCommand,
    given state: Pathway,
    under protocols: ProtocolLibrary
) throws(Rejection) -> [PathwayEvent] {
    switch command {
    case .report(let report, let reference): return try state.decide(report, reference)
    case .takeOver(let event): return try state.takeOver(event)
    default: break
    }
    guard state.reference != nil else { throw Rejection(.unknownPathway, "nothing is known of this pathway; check its id") }
    switch command {
    case .report, .takeOver:
        return []
    case .reassign(let event):
        return state.reassign(event)
    case .settle(let claimants):
        return state.settle(claimants)
    case .reconcile(let context):
        return state.reconcile(context, under: protocols)
    case .planDischarge(let instant, let by):
        return try state.planDischarge(at: instant, by: by)
    case .confirmHomeReturn(let confirmation):
        return try state.confirmHomeReturn(confirmation)
    case .applyProtocol(let id, let by):
        try state.checkIsHere()
        try state.checkIsNotClosed()
        guard let found = protocols[id] else { throw Rejection(.unknownProtocol, "no protocol \(id) is published in this territory") }
        if state.appliedProtocols.contains(where: { $0.id == id }) { return [] }
        return [.protocolApplied(ProtocolApplied(protocolID: id, version: found.version, by: by))]
    case .accept(let id, let by, let instant, let team):
        return try state.accept(try state.known(id), by: by, at: instant, team: team)
    case .decline(let id, let by, let reason, let team):
        return try state.decline(try state.known(id), by: by, reason: reason, team: team)
    case .complete(let id, let by, let instant, let outcome, let note):
        let event = FollowUpCompleted(followUp: id, at: instant, by: by, outcome: outcome, note: note)
        return try state.complete(try state.known(id), event)
    case .note(let id, let by, let text):
        return [.followUpNoted(FollowUpNoted(followUp: try state.known(id).id, by: by, note: text))]
    case .acknowledgeWithdrawal(let id, let by):
        guard try state.known(id).toldOfWithdrawal.contains(by.rpps) else { return [] }
        return [.withdrawalAcknowledged(WithdrawalAcknowledged(followUp: id, by: by))]
    case .handOver(let event):
        return state.handOver(event)
    case .retract(let event, let by, let reason):
        if state.retracted.contains(event) { return [] }
        return [.entryRetracted(EntryRetracted(event: event, reason: reason, by: by))]
    case .solicitAgain(let id, let by, let instant):
        return try state.solicitAgain(try state.known(id), by: by, at: instant)
    case .reportAlert(let event):
        return try state.report(event)
    case .reportPrescriptionMissing(let event):
        return try state.report(event)
    case .obtainPrescription(let report, let by, let instant):
        return try state.obtain(report, by: by, at: instant)
    case .enrolInPrado(let by, let instant):
        try state.checkIsHere()
        return state.prado == nil ? [.pradoEnrolled(PradoEnrolled(at: instant, by: by))] : []
    case .leavePrado(let by, let instant):
        try state.checkIsHere()
        return state.prado == nil ? [] : [.pradoLeft(PradoLeft(at: instant, by: by))]
    case .refuseCare(let ids, let by, let instant):
        return try state.refuse(ids, by: by, at: instant)
    case .takeBackRefusal(let by, let instant):
        try state.checkIsHere()
        return state.refusals.isEmpty ? [] : [.refusalTakenBack(RefusalTakenBack(at: instant, by: by))]
    case .close(let reason, let by, let instant):
        return try state.close(reason, by: by, at: instant)
    case .reopen(let by, let instant):
        return try state.reopen(by: by, at: instant)
    }
}

extension Pathway {
    func known(_ id: String) throws(Rejection) -> FollowUp {
        guard let followUp = followUp(id) else { throw Rejection(.unknownFollowUp, "this pathway has no follow-up \(id)") }
        return followUp
    }

    fileprivate func planDischarge(at instant: Instant, by: Attribution) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        guard stay.isInHospital || status == .preadmitted else {
            throw Rejection(.notAdmitted, "a discharge is planned for a patient who is in hospital or about to be")
        }
        if plannedDischargeAt == instant { return [] }
        return [.dischargePlanned(DischargePlanned(plannedAt: instant, by: by))]
    }

    fileprivate func confirmHomeReturn(_ confirmation: HomeReturnConfirmed) throws(Rejection) -> [PathwayEvent] {
        try checkIsHere()
        guard stay.status == .discharged, let dischargedAt = stay.dischargedAt else {
            throw Rejection(.notDischarged, "a home return is confirmed after a discharge; this patient is not discharged")
        }
        guard confirmation.at >= dischargedAt else {
            throw Rejection(.beforeDischarge, "the home return is before the discharge of \(dischargedAt.rfc3339)")
        }
        if homeReturnedAt != nil { return [] }
        let asked = followUps.filter { $0.status.isPending && $0.plan.becauseHomeReturnMissing }
        return [.homeReturnConfirmed(confirmation)]
            + asked.map {
                .followUpCompleted(FollowUpCompleted(followUp: $0.id, at: confirmation.at, by: confirmation.by, outcome: .alreadyDone))
            }
    }

    fileprivate func accept(_ followUp: FollowUp, by: Attribution, at instant: Instant, team: String?) throws(Rejection) -> [PathwayEvent] {
        switch followUp.status {
        case .done where followUp.plan.completesOnAcceptance && followUp.acceptedBy == by.rpps:
            return []
        case .done, .withdrawn:
            throw Rejection(.alreadyClosed, "this follow-up is \(followUp.status.rawValue)")
        case .accepted where followUp.acceptedBy == by.rpps, .onHold where followUp.acceptedBy == by.rpps:
            return []
        case .accepted:
            throw Rejection(.alreadyAccepted, "somebody else accepted this follow-up first")
        case .onHold:
            throw Rejection(.onHold, "the patient is back in hospital; this follow-up waits until they leave")
        case .open:
            // Who let the offer lapse, or declined, may still say yes: nobody else has.
            guard followUp.wasOffered(to: by.rpps, team: team) || by.capacity == .referent else {
                throw Rejection(.notOffered, "this follow-up was not offered to you")
            }
            let own = team.flatMap { followUp.wasOffered(to: by.rpps, team: $0) ? $0 : nil }
            let accepted = PathwayEvent.followUpAccepted(FollowUpAccepted(followUp: followUp.id, at: instant, by: by, team: own))
            guard followUp.plan.completesOnAcceptance else { return [accepted] }
            var working = self
            working.evolve(with: accepted)
            let completion = FollowUpCompleted(followUp: followUp.id, at: instant, by: by, outcome: .done)
            return [accepted] + (try working.complete(try working.known(followUp.id), completion))
        }
    }

    fileprivate func decline(
        _ followUp: FollowUp,
        by: Attribution,
        reason: DeclineReason,
        team: String?
    ) throws(Rejection) -> [PathwayEvent] {
        guard followUp.status.isPending else { throw Rejection(.alreadyClosed, "this follow-up is \(followUp.status.rawValue)") }
        if let owner = followUp.acceptedBy, owner == by.rpps || (by.capacity == .referent && team == nil) {
            // The référent-parcours takes back what somebody accepted and does not do: gone, away for long, silent.
            return [
                .followUpDeclined(
                    FollowUpDeclined(followUp: followUp.id, by: by, reason: reason, givenBack: true, team: followUp.acceptedFor)
                )
            ]
        }
        let addressee = team.map { Addressee.team($0) } ?? .professional(by.rpps)
        guard let offer = followUp.offers.last(where: { $0.to == addressee.rawValue }) else {
            throw Rejection(.notOffered, "this follow-up was not offered to you")
        }
        guard offer.answer == .made else { return [] }
        return [.followUpDeclined(FollowUpDeclined(followUp: followUp.id, by: by, reason: reason, team: team))]
    }

    fileprivate func complete(_ followUp: FollowUp, _ event: FollowUpCompleted) throws(Rejection) -> [PathwayEvent] {
        guard followUp.status.isPending else {
            if followUp.status == .done, followUp.acceptedBy == event.by.rpps { return [] }
            throw Rejection(.alreadyClosed, "this follow-up is \(followUp.status.rawValue)")
        }
        let offered = followUp.status == .open && followUp.pendingOffers.contains { $0.to == event.by.rpps }
        // Somebody went there although the patient was thought to be in hospital: what was done is done.
        guard followUp.acceptedBy == event.by.rpps || offered || event.by.capacity == .referent else {
            throw Rejection(.notYours, "another professional has this follow-up, or it was not offered to you")
        }
        var events: [PathwayEvent] = [.followUpCompleted(event)]
        let seen = event.outcome == .done || event.outcome == .alreadyDone
        if followUp.plan.recordsHomeReturn, seen, stay.status == .discharged, homeReturnedAt == nil, let dischargedAt = stay.dischargedAt,
            event.at >= dischargedAt
        {
            let confirmation = HomeReturnConfirmed(at: event.at, by: event.by, howKnown: .seenByProfessional)
            let others = try confirmHomeReturn(confirmation)
            events += others.filter { if case .followUpCompleted(let body) = $0 { body.followUp != followUp.id } else { true } }
        }
        return events
    }
}
