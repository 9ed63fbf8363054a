import Pathways

extension PathwayEvent {
    /// The movement that the event states, with nothing known of it before.
    var insertedMovement: Movement? {
        switch self {
        case .stayPlanned(let body): body.movement
        case .patientAdmitted(let body): body.movement
        case .emergencyVisitRegistered(let body): body.movement
        case .patientTransferred(let body): body.movement
        case .patientDischarged(let body): body.movement
        case .admissionAnnounced(let body): body.movement
        case .classChanged(let body): body.movement
        case .transferAnnounced(let body): body.movement
        case .attendingChanged(let body): body.movement
        case .leaveStarted(let body): body.movement
        case .leaveEnded(let body): body.movement
        case .dischargeAnnounced(let body): body.movement
        case .movementCorrected, .movementCancelled, .movementHeld, .pathwayReassigned, .pathwayTakenOver, .dischargePlanned, .homeReturnConfirmed,
            .protocolApplied, .followUpsPlanned, .offersMade, .followUpAccepted, .followUpDeclined, .followUpCompleted, .followUpNoted,
            .followUpsWithdrawn, .withdrawalAcknowledged, .entryRetracted, .pathwayHandedOver, .offersLapsed, .solicitationRestarted,
            .followUpEscalated, .followUpsHeld, .followUpsResumed, .alertSignReported, .prescriptionMissing, .prescriptionObtained,
            .pradoEnrolled, .pradoLeft, .careRefused, .refusalTakenBack, .pathwayClosed, .pathwayReopened:
            nil
        }
    }

    /// The visit that the event itself names.
    var reference: PathwayReference? {
        switch self {
        case .stayPlanned(let body): body.pathway
        case .patientAdmitted(let body): body.pathway
        case .emergencyVisitRegistered(let body): body.pathway
        case .patientTransferred(let body): body.pathway
        case .patientDischarged(let body): body.pathway
        case .admissionAnnounced(let body): body.pathway
        case .classChanged(let body): body.pathway
        case .transferAnnounced(let body): body.pathway
        case .attendingChanged(let body): body.pathway
        case .leaveStarted(let body): body.pathway
        case .leaveEnded(let body): body.pathway
        case .dischargeAnnounced(let body): body.pathway
        case .movementCorrected(let body): body.pathway
        case .movementCancelled(let body): body.pathway
        case .movementHeld(let body): body.pathway
        case .pathwayTakenOver(let body): body.pathway
        case .pathwayReassigned, .dischargePlanned, .homeReturnConfirmed, .protocolApplied, .followUpsPlanned, .offersMade, .followUpAccepted,
            .followUpDeclined, .followUpCompleted, .followUpNoted, .followUpsWithdrawn, .withdrawalAcknowledged, .entryRetracted,
            .pathwayHandedOver, .offersLapsed, .solicitationRestarted, .followUpEscalated, .followUpsHeld, .followUpsResumed, .alertSignReported,
            .prescriptionMissing, .prescriptionObtained, .pradoEnrolled, .pradoLeft, .careRefused, .refusalTakenBack, .pathwayClosed,
            .pathwayReopened:
            nil
        }
    }
}
