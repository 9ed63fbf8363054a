import Pathways

/// What an event makes the planner look at.
enum PlannerTrigger: Sendable, Hashable {
    /// The pathway in whose stream it is.
    case pathway
    /// The pathways of the patient in whose stream it is, if anybody ever said that they are dead.
    case identity
    /// The pathways of the patient in whose stream it is: it can change which are one person's.
    case person
    /// When something is due, in every pathway.
    case rules
    /// Every pathway in which something is due: who can be asked has changed.
    case directory

    private static let triggers: [String: PlannerTrigger] = {
        let all: [(PlannerTrigger, [String])] = [
            (
                .pathway,
                [
                    StayPlanned.type, AdmissionAnnounced.type, PatientAdmitted.type, EmergencyVisitRegistered.type, ClassChanged.type,
                    DischargeAnnounced.type, DischargePlanned.type, PatientDischarged.type, LeaveStarted.type, LeaveEnded.type,
                    MovementCorrected.type, MovementCancelled.type, MovementHeld.type, PathwayReassigned.type,
                    HomeReturnConfirmed.type, ProtocolApplied.type, FollowUpAccepted.type, FollowUpDeclined.type, FollowUpCompleted.type,
                    SolicitationRestarted.type, AlertSignReported.type, PrescriptionMissing.type, PrescriptionObtained.type,
                    PradoEnrolled.type, PradoLeft.type, CareRefused.type, RefusalTakenBack.type, PathwayClosed.type, PathwayReopened.type,
                    FollowUpsWithdrawn.type, PathwayTakenOver.type, PathwayHandedOver.type, StreamErased.type,
                ]
            ),
            (.identity, [PatientIdentified.type]),
            (.person, [PatientsMerged.type, MergeUndone.type, DossierMoved.type]),
            (.rules, [ProtocolPublished.type]),
            (.directory, [TerritoryPublished.type, AbsenceDeclared.type, AbsenceEnded.type]),
        ]
        var triggers: [String: PlannerTrigger] = [:]
        for (trigger, types) in all {
            for type in types.flatMap(Upcasters.released.types(readAs:)) { triggers[type] = trigger }
        }
        return triggers
    }()

    /// Nil for an event that changes nothing for the planner.
    init?(_ type: String) {
        guard let trigger = Self.triggers[type] else { return nil }
        self = trigger
    }
}
