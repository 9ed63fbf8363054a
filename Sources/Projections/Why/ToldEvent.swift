import EventStore
import Pathways

/// An event of a pathway's story, with its envelope.
struct ToldEvent: Hashable {
    let recorded: RecordedEvent
    let event: PathwayEvent

    var position: Int64 { recorded.position }
}

extension PathwayEvent {
    /// What the event says of one follow-up, without the others; nil if it does not name it.
    func narrowed(to id: String) -> PathwayEvent? {
        switch self {
        case .followUpsPlanned(let body):
            let own = body.followUps.filter { $0.id == id }
            return own.isEmpty ? nil : .followUpsPlanned(FollowUpsPlanned(followUps: own))
        case .offersMade(let body):
            let own = body.solicitations.filter { $0.followUp == id }
            return own.isEmpty
                ? nil
                : .offersMade(
                    OffersMade(at: body.at, solicitations: own, directoryVersion: body.directoryVersion, loadPosition: body.loadPosition)
                )
        case .followUpsWithdrawn(let body):
            let own = body.withdrawals.filter { $0.followUp == id }
            return own.isEmpty ? nil : .followUpsWithdrawn(FollowUpsWithdrawn(withdrawals: own))
        case .followUpsHeld(let body):
            return body.followUps.contains(id)
                ? .followUpsHeld(FollowUpsHeld(followUps: [id], at: body.at, reviewAt: body.reviewAt)) : nil
        case .followUpsResumed(let body):
            return body.followUps.contains(id) ? .followUpsResumed(FollowUpsResumed(followUps: [id], at: body.at)) : nil
        case .offersLapsed(let body): return body.followUp == id ? self : nil
        case .solicitationRestarted(let body): return body.followUp == id ? self : nil
        case .followUpAccepted(let body): return body.followUp == id ? self : nil
        case .followUpDeclined(let body): return body.followUp == id ? self : nil
        case .followUpCompleted(let body): return body.followUp == id ? self : nil
        case .withdrawalAcknowledged(let body): return body.followUp == id ? self : nil
        case .followUpEscalated(let body): return body.followUp == id ? self : nil
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .admissionAnnounced, .classChanged,
            .transferAnnounced, .attendingChanged, .leaveStarted, .leaveEnded, .dischargeAnnounced, .movementCorrected, .pathwayReassigned,
            .movementCancelled, .movementHeld, .dischargePlanned, .homeReturnConfirmed, .protocolApplied, .followUpNoted, .pathwayTakenOver,
            .pathwayHandedOver, .entryRetracted, .alertSignReported, .prescriptionMissing, .prescriptionObtained, .pradoEnrolled, .pradoLeft,
            .careRefused, .refusalTakenBack, .pathwayClosed, .pathwayReopened:
            return nil
        }
    }

    /// Whether the event says something of where the visit stands, which follow-ups hang on.
    var isOfVisit: Bool {
        switch self {
        case .movementCorrected, .movementCancelled, .dischargePlanned, .movementHeld, .pathwayReassigned: true
        default: insertedMovement != nil
        }
    }

    /// The movement that the event states, corrects or takes back.
    var movementID: MovementID? {
        switch self {
        case .movementCorrected(let body): body.movement.id
        case .movementCancelled(let body): body.movement
        default: insertedMovement?.id
        }
    }

    /// The report of a professional that the event makes, or settles.
    var report: String? {
        switch self {
        case .alertSignReported(let body): body.report
        case .prescriptionMissing(let body): body.report
        case .prescriptionObtained(let body): body.report
        default: nil
        }
    }
}
