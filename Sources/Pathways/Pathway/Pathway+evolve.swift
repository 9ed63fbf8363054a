import Timekeeping

extension Pathway {
    /// Takes in what happened. Total: whatever is in the log can be folded, in any order of arrival.
    public mutating func evolve(with event: PathwayEvent) {
        switch event {
        case .stayPlanned(let body): record(.preadmission, body.pathway, body.movement)
        case .patientAdmitted(let body): record(.admission, body.pathway, body.movement)
        case .emergencyVisitRegistered(let body): record(.emergencyVisit, body.pathway, body.movement)
        case .admissionAnnounced(let body): record(.admissionAnnouncement, body.pathway, body.movement)
        case .classChanged(let body): record(.classChange, body.pathway, body.movement)
        case .transferAnnounced(let body): record(.transferAnnouncement, body.pathway, body.movement)
        case .attendingChanged(let body): record(.attendingChange, body.pathway, body.movement)
        case .leaveStarted(let body): record(.leave, body.pathway, body.movement)
        case .leaveEnded(let body): record(.leaveReturn, body.pathway, body.movement)
        case .dischargeAnnounced(let body):
            record(.dischargeAnnouncement, body.pathway, body.movement)
            // The hospital's system says it anew.
            plannedDischarge = nil
        case .movementCorrected(let body):
            record(.correction(body.kind, body.movement, body.mode), body.pathway)
            if body.kind == .dischargeAnnouncement { plannedDischarge = nil }
        case .pathwayReassigned(let body):
            guard let known = reference else { break }
            history.give(to: body.to, from: known.owner)
            reference = PathwayReference(visit: known.visit, body.to)
        case .patientTransferred(let body): record(.transfer, body.pathway, body.movement)
        case .patientDischarged(let body): record(.discharge, body.pathway, body.movement, mode: body.mode)
        case .movementCancelled(let body):
            record(.cancellation(body.movement, body.kind, body.statement), body.pathway)
        case .movementHeld(let body): hold(body)
        case .dischargePlanned(let body): plannedDischarge = body
        case .homeReturnConfirmed(let body): homeReturn = body
        case .protocolApplied(let body):
            appliedProtocols.removeAll { $0.id == body.protocolID }
            appliedProtocols.append(AppliedProtocol(id: body.protocolID, version: body.version, by: body.by))
        case .followUpsPlanned(let body):
            for plan in body.followUps { record(plan) }
        case .offersMade(let body):
            for solicitation in body.solicitations { update(solicitation.followUp) { $0.offer(solicitation, at: body.at) } }
        case .followUpAccepted(let body): update(body.followUp) { $0.accept(body) }
        case .followUpDeclined(let body): update(body.followUp) { $0.decline(body) }
        case .followUpCompleted(let body): update(body.followUp) { $0.complete(body.outcome, by: body.by.rpps, at: body.at) }
        case .followUpNoted: break
        case .followUpsWithdrawn(let body):
            for withdrawal in body.withdrawals {
                update(withdrawal.followUp) { $0.withdraw(withdrawal) }
                if withdrawal.reason == .deceased { toldOfDeath.formUnion(withdrawal.told) }
            }
        case .withdrawalAcknowledged(let body):
            update(body.followUp) { $0.toldOfWithdrawal.removeAll { $0 == body.by.rpps } }
        case .pathwayTakenOver(let body):
            reference = reference ?? PathwayReference(visit: body.pathway.visit, body.pathway.owner)
            takenOver = body
            handedOver = nil
        case .pathwayHandedOver(let body): handedOver = body
        case .entryRetracted(let body): retracted.insert(body.event)
        case .offersLapsed(let body): update(body.followUp) { $0.lapse(body) }
        case .solicitationRestarted(let body): update(body.followUp) { $0.restartSolicitation() }
        case .followUpEscalated(let body): update(body.followUp) { $0.escalate(body) }
        case .followUpsHeld(let body):
            for id in body.followUps { update(id) { $0.hold(since: body.at, reviewAt: body.reviewAt) } }
        case .followUpsResumed(let body):
            for id in body.followUps { update(id) { $0.resume() } }
        case .alertSignReported(let body): alerts.append(body)
        case .prescriptionMissing(let body): missingPrescriptions.append(body)
        case .prescriptionObtained(let body): obtainedPrescriptions.insert(body.report)
        case .pradoEnrolled(let body): prado = body
        case .pradoLeft: prado = nil
        case .careRefused(let body): refusals.append(body)
        case .refusalTakenBack: refusals = []
        case .pathwayClosed(let body):
            closed = body
            settled = Set(followUps.map(\.plan.movement))
        case .pathwayReopened(let body):
            closed = nil
            reopened = body
            // Somebody wants it all looked at again; a fact opens it for what is new.
            if body.by != nil { settled = [] }
        }
    }

    private mutating func record(_ kind: MovementKind, _ reference: PathwayReference, _ movement: Movement, mode: DischargeMode? = nil) {
        record(.movement(kind, movement, mode), reference)
    }

    private mutating func record(_ report: VisitReport, _ reference: PathwayReference) {
        begin(reference)
        history.record(report, named: name(in: reference))
        claims.removeAll { $0.report.isSame(as: report) }
    }

    private mutating func hold(_ body: MovementHeld) {
        begin(body.pathway)
        if reference?.patient == body.pathway.patient {
            history.hold(body.report, named: name(in: body.pathway))
            claims.removeAll { $0.report.isSame(as: body.report) }
        } else if !claims.contains(where: { $0.report.isSame(as: body.report) }) {
            history.withdraw(body.report)
            let index = claims.firstIndex { body.report.statement < $0.report.statement } ?? claims.endIndex
            claims.insert(body, at: index)
        }
    }

    private mutating func begin(_ reference: PathwayReference) {
        if self.reference == nil { self.reference = PathwayReference(visit: reference.visit, reference.owner) }
    }

    /// Whom a report of this visit names; nil if that is its own patient.
    func name(in reference: PathwayReference) -> PatientLink? {
        let teller = reference.teller
        return teller.identifier == (self.reference ?? reference).patient ? nil : teller
    }

    /// A withdrawn follow-up is planned again when the visit is back to what asked for it (a readmission that is taken back); a pending one
    /// when the hospital corrects the time of the discharge.
    private mutating func record(_ plan: PlannedFollowUp) {
        guard let index = followUps.firstIndex(where: { $0.id == plan.id }) else {
            followUps.append(FollowUp(plan: plan))
            return
        }
        if followUps[index].status == .withdrawn {
            // A death that was taken back may be told anew.
            if followUps[index].withdrawal == .deceased { toldOfDeath = [] }
            followUps[index] = followUps[index].plannedAgain(as: plan)
        } else if followUps[index].status.isPending {
            // What is due at another time is escalated anew.
            if followUps[index].plan.dueBy != plan.dueBy { followUps[index].escalations = 0 }
            followUps[index].plan = plan
        }
    }

    private mutating func update(_ id: String, _ change: (inout FollowUp) -> Void) {
        guard let index = place(of: id) else { return }
        change(&followUps[index])
    }
}
