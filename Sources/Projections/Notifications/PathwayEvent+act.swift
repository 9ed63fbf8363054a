import Pathways

extension PathwayEvent {
    /// What a professional did, and of which follow-ups; nil for what the hospital states, and for what the domain makes of either.
    var act: (kind: LedgerAct.Kind, by: Attribution, followUps: [String])? {
        switch self {
        case .followUpAccepted(let body): (.accepted, body.by, [body.followUp])
        case .followUpDeclined(let body): (.declined, body.by, [body.followUp])
        case .followUpCompleted(let body): (.completed, body.by, [body.followUp])
        case .followUpNoted(let body): (.noted, body.by, [body.followUp])
        case .withdrawalAcknowledged(let body): (.acknowledged, body.by, [body.followUp])
        case .alertSignReported(let body): (.alertReported, body.by, [body.followUp].compactMap(\.self))
        case .prescriptionMissing(let body): (.prescriptionMissing, body.by, [body.followUp].compactMap(\.self))
        case .prescriptionObtained(let body): (.prescriptionObtained, body.by, [])
        case .pradoEnrolled(let body): (.pradoEnrolled, body.by, [])
        case .pradoLeft(let body): (.pradoLeft, body.by, [])
        case .careRefused(let body): (.careRefused, body.by, body.followUps)
        case .refusalTakenBack(let body): (.refusalTakenBack, body.by, [])
        case .homeReturnConfirmed(let body): (.homeReturnConfirmed, body.by, [])
        case .dischargePlanned(let body): body.by.map { (.dischargePlanned, $0, []) }
        case .protocolApplied(let body): (.protocolApplied, body.by, [])
        case .entryRetracted(let body): (.entryRetracted, body.by, [])
        case .solicitationRestarted(let body): (.solicitationRestarted, body.by, [body.followUp])
        case .pathwayClosed(let body): body.by.map { (.pathwayClosed, $0, []) }
        case .pathwayReopened(let body): body.by.map { (.pathwayReopened, $0, []) }
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .admissionAnnounced,
            .classChanged, .transferAnnounced, .attendingChanged, .leaveStarted, .leaveEnded, .dischargeAnnounced, .movementCorrected,
            .movementCancelled, .movementHeld, .pathwayReassigned, .pathwayTakenOver, .pathwayHandedOver, .followUpsPlanned, .offersMade,
            .offersLapsed, .followUpsWithdrawn, .followUpEscalated, .followUpsHeld, .followUpsResumed:
            nil
        }
    }
}
