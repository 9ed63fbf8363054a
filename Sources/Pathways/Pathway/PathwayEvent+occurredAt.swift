public import Timekeeping

extension PathwayEvent {
    /// When it happened at the bedside (I5), where the event itself states it.
    public var occurredAt: Instant? {
        switch self {
        case .stayPlanned(let body): body.movement.effectiveAt
        case .patientAdmitted(let body): body.movement.effectiveAt
        case .emergencyVisitRegistered(let body): body.movement.effectiveAt
        case .patientTransferred(let body): body.movement.effectiveAt
        case .patientDischarged(let body): body.movement.effectiveAt
        case .admissionAnnounced(let body): body.movement.effectiveAt
        case .classChanged(let body): body.movement.effectiveAt
        case .transferAnnounced(let body): body.movement.effectiveAt
        case .attendingChanged(let body): body.movement.effectiveAt
        case .leaveStarted(let body): body.movement.effectiveAt
        case .leaveEnded(let body): body.movement.effectiveAt
        case .dischargeAnnounced(let body): body.movement.effectiveAt
        case .movementCorrected(let body): body.movement.statement.recordedAt
        case .pathwayReassigned(let body): body.statement.recordedAt
        case .movementCancelled(let body): body.statement.recordedAt
        case .homeReturnConfirmed(let body): body.at
        case .followUpAccepted(let body): body.at
        case .followUpCompleted(let body): body.at
        case .offersMade(let body): body.at
        case .offersLapsed(let body): body.at
        case .followUpEscalated(let body): body.at
        case .followUpsHeld(let body): body.at
        case .followUpsResumed(let body): body.at
        case .alertSignReported(let body): body.at
        case .prescriptionMissing(let body): body.at
        case .prescriptionObtained(let body): body.at
        case .pradoEnrolled(let body): body.at
        case .pradoLeft(let body): body.at
        case .careRefused(let body): body.at
        case .refusalTakenBack(let body): body.at
        case .pathwayClosed(let body): body.at
        case .pathwayReopened(let body): body.at
        case .solicitationRestarted(let body): body.at
        case .movementHeld, .dischargePlanned, .protocolApplied, .followUpsPlanned, .followUpDeclined, .followUpNoted,
            .followUpsWithdrawn, .withdrawalAcknowledged, .entryRetracted, .pathwayTakenOver, .pathwayHandedOver:
            nil
        }
    }
}
