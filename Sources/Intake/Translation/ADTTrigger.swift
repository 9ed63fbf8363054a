import Pathways

/// The trigger events of PAM France (§5.3.2) that say something of a pathway, by their HL7 code. The others (A09, A10, A32, A33 of the
/// temporary track among them) are answered and ignored.
enum ADTTrigger: String, CaseIterable, Sendable {
    case admission = "A01"
    case transfer = "A02"
    case discharge = "A03"
    case registration = "A04"
    case preadmission = "A05"
    case changeToInpatient = "A06"
    case changeToOutpatient = "A07"
    case updateOfVisit = "A08"
    case cancelledAdmission = "A11"
    case cancelledTransfer = "A12"
    case cancelledDischarge = "A13"
    case admissionAnnouncement = "A14"
    case transferAnnouncement = "A15"
    case dischargeAnnouncement = "A16"
    case leave = "A21"
    case leaveReturn = "A22"
    case cancelledDischargeAnnouncement = "A25"
    case cancelledTransferAnnouncement = "A26"
    case cancelledAdmissionAnnouncement = "A27"
    case newPatient = "A28"
    case updateOfPatient = "A31"
    case cancelledPreadmission = "A38"
    case merge = "A40"
    case moveOfDossier = "A44"
    case changeOfIdentifiers = "A47"
    case cancelledLeave = "A52"
    case cancelledLeaveReturn = "A53"
    case attendingChange = "A54"
    case cancelledAttendingChange = "A55"
    case correction = "Z99"

    /// What a message of this trigger is about.
    enum Meaning: Hashable, Sendable {
        /// States a movement (transaction ITI-31, ZBE-4 = INSERT). A class change may take one back too (CANCEL).
        case movement(MovementKind)
        /// Takes a movement back (ITI-31, ZBE-4 = CANCEL).
        case cancellation(MovementKind)
        /// Corrects a movement (ITI-31, ZBE-4 = UPDATE); ZBE-6 says of which kind.
        case correction
        /// States who a patient is (ITI-30).
        case identity
        /// States who a patient is and, by ZBE, corrects a movement: not in France.
        case updateOfVisit
        /// States who a patient is; MRG tells the identifiers that it replaces (ITI-30).
        case changeOfIdentifiers
        /// Two numbers are one person (ITI-30).
        case merge
        /// An administrative file is another patient's.
        case moveOfDossier
    }

    var meaning: Meaning {
        switch self {
        case .admission: .movement(.admission)
        case .transfer: .movement(.transfer)
        case .discharge: .movement(.discharge)
        case .registration: .movement(.emergencyVisit)
        case .preadmission: .movement(.preadmission)
        case .changeToInpatient, .changeToOutpatient: .movement(.classChange)
        case .admissionAnnouncement: .movement(.admissionAnnouncement)
        case .transferAnnouncement: .movement(.transferAnnouncement)
        case .dischargeAnnouncement: .movement(.dischargeAnnouncement)
        case .leave: .movement(.leave)
        case .leaveReturn: .movement(.leaveReturn)
        case .attendingChange: .movement(.attendingChange)
        case .cancelledAdmission: .cancellation(.admission)
        case .cancelledTransfer: .cancellation(.transfer)
        case .cancelledDischarge: .cancellation(.discharge)
        case .cancelledPreadmission: .cancellation(.preadmission)
        case .cancelledDischargeAnnouncement: .cancellation(.dischargeAnnouncement)
        case .cancelledTransferAnnouncement: .cancellation(.transferAnnouncement)
        case .cancelledAdmissionAnnouncement: .cancellation(.admissionAnnouncement)
        case .cancelledLeave: .cancellation(.leave)
        case .cancelledLeaveReturn: .cancellation(.leaveReturn)
        case .cancelledAttendingChange: .cancellation(.attendingChange)
        case .correction: .correction
        case .newPatient, .updateOfPatient: .identity
        case .updateOfVisit: .updateOfVisit
        case .changeOfIdentifiers: .changeOfIdentifiers
        case .merge: .merge
        case .moveOfDossier: .moveOfDossier
        }
    }

    /// A message of ITI-31: it names a visit and a movement.
    var isAboutMovement: Bool {
        switch meaning {
        case .movement, .cancellation, .correction: true
        case .identity, .updateOfVisit, .changeOfIdentifiers, .merge, .moveOfDossier: false
        }
    }

    /// A08 is excluded in France (PAM France §5.3) but sent all the same.
    var isConformant: Bool { self != .updateOfVisit }
}
