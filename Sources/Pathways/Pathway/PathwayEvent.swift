/// Everything that can be recorded in a pathway's stream.
public enum PathwayEvent: Hashable, Sendable {
    case stayPlanned(StayPlanned)
    case patientAdmitted(PatientAdmitted)
    case emergencyVisitRegistered(EmergencyVisitRegistered)
    case patientTransferred(PatientTransferred)
    case patientDischarged(PatientDischarged)
    case admissionAnnounced(AdmissionAnnounced)
    case classChanged(ClassChanged)
    case transferAnnounced(TransferAnnounced)
    case attendingChanged(AttendingChanged)
    case leaveStarted(LeaveStarted)
    case leaveEnded(LeaveEnded)
    case dischargeAnnounced(DischargeAnnounced)
    case movementCorrected(MovementCorrected)
    case pathwayReassigned(PathwayReassigned)
    case movementCancelled(MovementCancelled)
    case movementHeld(MovementHeld)
    case dischargePlanned(DischargePlanned)
    case homeReturnConfirmed(HomeReturnConfirmed)
    case protocolApplied(ProtocolApplied)
    case followUpsPlanned(FollowUpsPlanned)
    case offersMade(OffersMade)
    case followUpAccepted(FollowUpAccepted)
    case followUpDeclined(FollowUpDeclined)
    case followUpCompleted(FollowUpCompleted)
    case followUpNoted(FollowUpNoted)
    case followUpsWithdrawn(FollowUpsWithdrawn)
    case withdrawalAcknowledged(WithdrawalAcknowledged)
    case pathwayTakenOver(PathwayTakenOver)
    case pathwayHandedOver(PathwayHandedOver)
    case entryRetracted(EntryRetracted)
    case offersLapsed(OffersLapsed)
    case followUpEscalated(FollowUpEscalated)
    case followUpsHeld(FollowUpsHeld)
    case followUpsResumed(FollowUpsResumed)
    case alertSignReported(AlertSignReported)
    case prescriptionMissing(PrescriptionMissing)
    case prescriptionObtained(PrescriptionObtained)
    case pradoEnrolled(PradoEnrolled)
    case pradoLeft(PradoLeft)
    case careRefused(CareRefused)
    case refusalTakenBack(RefusalTakenBack)
    case pathwayClosed(PathwayClosed)
    case pathwayReopened(PathwayReopened)
    case solicitationRestarted(SolicitationRestarted)

    public var body: any EventBody {
        switch self {
        case .stayPlanned(let body): body
        case .patientAdmitted(let body): body
        case .emergencyVisitRegistered(let body): body
        case .patientTransferred(let body): body
        case .patientDischarged(let body): body
        case .admissionAnnounced(let body): body
        case .classChanged(let body): body
        case .transferAnnounced(let body): body
        case .attendingChanged(let body): body
        case .leaveStarted(let body): body
        case .leaveEnded(let body): body
        case .dischargeAnnounced(let body): body
        case .movementCorrected(let body): body
        case .pathwayReassigned(let body): body
        case .movementCancelled(let body): body
        case .movementHeld(let body): body
        case .dischargePlanned(let body): body
        case .homeReturnConfirmed(let body): body
        case .protocolApplied(let body): body
        case .followUpsPlanned(let body): body
        case .offersMade(let body): body
        case .followUpAccepted(let body): body
        case .followUpDeclined(let body): body
        case .followUpCompleted(let body): body
        case .followUpNoted(let body): body
        case .followUpsWithdrawn(let body): body
        case .withdrawalAcknowledged(let body): body
        case .pathwayTakenOver(let body): body
        case .pathwayHandedOver(let body): body
        case .entryRetracted(let body): body
        case .offersLapsed(let body): body
        case .followUpEscalated(let body): body
        case .followUpsHeld(let body): body
        case .followUpsResumed(let body): body
        case .alertSignReported(let body): body
        case .prescriptionMissing(let body): body
        case .prescriptionObtained(let body): body
        case .pradoEnrolled(let body): body
        case .pradoLeft(let body): body
        case .careRefused(let body): body
        case .refusalTakenBack(let body): body
        case .pathwayClosed(let body): body
        case .pathwayReopened(let body): body
        case .solicitationRestarted(let body): body
        }
    }

    private typealias Reader = @Sendable (JSONObject) throws(CodecError) -> PathwayEvent

    private static let readers: [String: Reader] = [
        StayPlanned.type: { json throws(CodecError) in .stayPlanned(try .init(from: json)) },
        PatientAdmitted.type: { json throws(CodecError) in .patientAdmitted(try .init(from: json)) },
        EmergencyVisitRegistered.type: { json throws(CodecError) in .emergencyVisitRegistered(try .init(from: json)) },
        PatientTransferred.type: { json throws(CodecError) in .patientTransferred(try .init(from: json)) },
        PatientDischarged.type: { json throws(CodecError) in .patientDischarged(try .init(from: json)) },
        AdmissionAnnounced.type: { json throws(CodecError) in .admissionAnnounced(try .init(from: json)) },
        ClassChanged.type: { json throws(CodecError) in .classChanged(try .init(from: json)) },
        TransferAnnounced.type: { json throws(CodecError) in .transferAnnounced(try .init(from: json)) },
        AttendingChanged.type: { json throws(CodecError) in .attendingChanged(try .init(from: json)) },
        LeaveStarted.type: { json throws(CodecError) in .leaveStarted(try .init(from: json)) },
        LeaveEnded.type: { json throws(CodecError) in .leaveEnded(try .init(from: json)) },
        DischargeAnnounced.type: { json throws(CodecError) in .dischargeAnnounced(try .init(from: json)) },
        MovementCorrected.type: { json throws(CodecError) in .movementCorrected(try .init(from: json)) },
        PathwayReassigned.type: { json throws(CodecError) in .pathwayReassigned(try .init(from: json)) },
        MovementCancelled.type: { json throws(CodecError) in .movementCancelled(try .init(from: json)) },
        MovementHeld.type: { json throws(CodecError) in .movementHeld(try .init(from: json)) },
        DischargePlanned.type: { json throws(CodecError) in .dischargePlanned(try .init(from: json)) },
        HomeReturnConfirmed.type: { json throws(CodecError) in .homeReturnConfirmed(try .init(from: json)) },
        ProtocolApplied.type: { json throws(CodecError) in .protocolApplied(try .init(from: json)) },
        FollowUpsPlanned.type: { json throws(CodecError) in .followUpsPlanned(try .init(from: json)) },
        OffersMade.type: { json throws(CodecError) in .offersMade(try .init(from: json)) },
        FollowUpAccepted.type: { json throws(CodecError) in .followUpAccepted(try .init(from: json)) },
        FollowUpDeclined.type: { json throws(CodecError) in .followUpDeclined(try .init(from: json)) },
        FollowUpCompleted.type: { json throws(CodecError) in .followUpCompleted(try .init(from: json)) },
        FollowUpNoted.type: { json throws(CodecError) in .followUpNoted(try .init(from: json)) },
        FollowUpsWithdrawn.type: { json throws(CodecError) in .followUpsWithdrawn(try .init(from: json)) },
        WithdrawalAcknowledged.type: { json throws(CodecError) in .withdrawalAcknowledged(try .init(from: json)) },
        PathwayTakenOver.type: { json throws(CodecError) in .pathwayTakenOver(try .init(from: json)) },
        PathwayHandedOver.type: { json throws(CodecError) in .pathwayHandedOver(try .init(from: json)) },
        EntryRetracted.type: { json throws(CodecError) in .entryRetracted(try .init(from: json)) },
        OffersLapsed.type: { json throws(CodecError) in .offersLapsed(try .init(from: json)) },
        FollowUpEscalated.type: { json throws(CodecError) in .followUpEscalated(try .init(from: json)) },
        FollowUpsHeld.type: { json throws(CodecError) in .followUpsHeld(try .init(from: json)) },
        FollowUpsResumed.type: { json throws(CodecError) in .followUpsResumed(try .init(from: json)) },
        AlertSignReported.type: { json throws(CodecError) in .alertSignReported(try .init(from: json)) },
        PrescriptionMissing.type: { json throws(CodecError) in .prescriptionMissing(try .init(from: json)) },
        PrescriptionObtained.type: { json throws(CodecError) in .prescriptionObtained(try .init(from: json)) },
        PradoEnrolled.type: { json throws(CodecError) in .pradoEnrolled(try .init(from: json)) },
        PradoLeft.type: { json throws(CodecError) in .pradoLeft(try .init(from: json)) },
        CareRefused.type: { json throws(CodecError) in .careRefused(try .init(from: json)) },
        RefusalTakenBack.type: { json throws(CodecError) in .refusalTakenBack(try .init(from: json)) },
        PathwayClosed.type: { json throws(CodecError) in .pathwayClosed(try .init(from: json)) },
        PathwayReopened.type: { json throws(CodecError) in .pathwayReopened(try .init(from: json)) },
        SolicitationRestarted.type: { json throws(CodecError) in .solicitationRestarted(try .init(from: json)) },
    ]

    /// Every event type of a pathway's stream.
    public static var types: [String] { readers.keys.sorted() }

    /// - Returns: nil if `type` is no event of a pathway.
    /// - Throws: `CodecError` naming what is missing or malformed.
    public init?(type: String, payload: [UInt8]) throws(CodecError) {
        guard let reader = Self.readers[type] else { return nil }
        self = try reader(try JSONDocument(payload).object())
    }
}
