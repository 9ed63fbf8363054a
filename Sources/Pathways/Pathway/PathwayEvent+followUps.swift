extension PathwayEvent {
    /// The follow-ups that it is about, of an event that is about nothing else: whoever wants to know how some of them stand folds those that
    /// name them, with all that are about more. An alert sign is about none. Nil of what is about more: the stay, the patient, the pathway as
    /// such. Of these events alone it depends who was told of a death and which signs were reported.
    public var followUpsAlone: [String]? {
        switch self {
        case .followUpsPlanned(let body): body.followUps.map(\.id)
        case .offersMade(let body): body.solicitations.map(\.followUp)
        case .followUpAccepted(let body): [body.followUp]
        case .followUpDeclined(let body): [body.followUp]
        case .followUpCompleted(let body): [body.followUp]
        case .followUpNoted(let body): [body.followUp]
        case .followUpsWithdrawn(let body): body.withdrawals.map(\.followUp)
        case .withdrawalAcknowledged(let body): [body.followUp]
        case .offersLapsed(let body): [body.followUp]
        case .solicitationRestarted(let body): [body.followUp]
        case .followUpEscalated(let body): [body.followUp]
        case .followUpsHeld(let body): body.followUps
        case .followUpsResumed(let body): body.followUps
        case .alertSignReported: []
        case .stayPlanned, .patientAdmitted, .emergencyVisitRegistered, .patientTransferred, .patientDischarged, .admissionAnnounced, .classChanged,
            .transferAnnounced, .attendingChanged, .leaveStarted, .leaveEnded, .dischargeAnnounced, .movementCorrected, .pathwayReassigned,
            .movementCancelled, .movementHeld, .dischargePlanned, .homeReturnConfirmed, .protocolApplied, .pathwayTakenOver, .pathwayHandedOver,
            .entryRetracted, .prescriptionMissing, .prescriptionObtained, .pradoEnrolled, .pradoLeft, .careRefused, .refusalTakenBack,
            .pathwayClosed, .pathwayReopened:
            nil
        }
    }

    /// The follow-ups that it only mentions.
    package var followUpsMentioned: [String] {
        switch self {
        case .alertSignReported(let body): [body.followUp].compactMap(\.self)
        case .prescriptionMissing(let body): [body.followUp].compactMap(\.self)
        case .careRefused(let body): body.followUps
        default: []
        }
    }
}
