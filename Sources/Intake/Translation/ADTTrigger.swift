import Pathways

/// The trigger events that this version carries (PAM France §5.3.2), by their HL7 code.
enum ADTTrigger: String, CaseIterable, Sendable {
    case admission = "A01"
    case transfer = "A02"
    case discharge = "A03"
    case registration = "A04"
    case preadmission = "A05"
    case updateOfVisit = "A08"
    case cancelledAdmission = "A11"
    case cancelledDischarge = "A13"
    case newPatient = "A28"
    case updateOfPatient = "A31"

    /// What a message of this trigger is about.
    enum Meaning: Hashable, Sendable {
        /// States a movement (transaction ITI-31, ZBE-4 = INSERT).
        case movement(MovementKind)
        /// Takes a movement back (ITI-31, ZBE-4 = CANCEL).
        case cancellation(MovementKind)
        /// States who a patient is (ITI-30).
        case identity
    }

    var meaning: Meaning {
        switch self {
        case .admission: .movement(.admission)
        case .transfer: .movement(.transfer)
        case .discharge: .movement(.discharge)
        case .registration: .movement(.emergencyVisit)
        case .preadmission: .movement(.preadmission)
        case .cancelledAdmission: .cancellation(.admission)
        case .cancelledDischarge: .cancellation(.discharge)
        case .updateOfVisit, .newPatient, .updateOfPatient: .identity
        }
    }

    /// MSH-9.3.
    var structure: String {
        switch self {
        case .admission, .registration, .updateOfVisit, .cancelledDischarge: "ADT_A01"
        case .transfer: "ADT_A02"
        case .discharge: "ADT_A03"
        case .preadmission, .newPatient, .updateOfPatient: "ADT_A05"
        case .cancelledAdmission: "ADT_A09"
        }
    }

    /// A08 is excluded in France (PAM France §5.3) but sent all the same: it is read as an A31.
    var isConformant: Bool { self != .updateOfVisit }

    /// The triggers that ZBE-6 may name in a cancellation; empty for the others.
    var cancelled: [String] {
        switch self {
        case .cancelledAdmission: ["A01", "A04"]
        case .cancelledDischarge: ["A03"]
        default: []
        }
    }
}
