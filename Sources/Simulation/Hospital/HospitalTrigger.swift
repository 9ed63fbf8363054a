/// What a hospital's system says of a visit, by the codes of PAM France 2.11 §5.3.2.
public enum HospitalTrigger: String, Sendable, Hashable, CaseIterable {
    case admission = "A01"
    case transfer = "A02"
    case discharge = "A03"
    case registration = "A04"
    case preadmission = "A05"
    case changeToInpatient = "A06"
    case cancelledAdmission = "A11"
    case cancelledTransfer = "A12"
    case cancelledDischarge = "A13"
    case dischargeAnnouncement = "A16"
    case leave = "A21"
    case leaveReturn = "A22"
    case cancelledDischargeAnnouncement = "A25"
    case cancelledPreadmission = "A38"
    case merge = "A40"
    case correction = "Z99"

    /// MSH-9.3.
    var structure: String {
        switch self {
        case .admission, .registration, .cancelledDischarge, .correction: "ADT_A01"
        case .transfer: "ADT_A02"
        case .discharge: "ADT_A03"
        case .preadmission: "ADT_A05"
        case .changeToInpatient: "ADT_A06"
        case .cancelledAdmission: "ADT_A09"
        case .cancelledTransfer: "ADT_A12"
        case .dischargeAnnouncement: "ADT_A16"
        case .leave, .leaveReturn, .cancelledDischargeAnnouncement: "ADT_A21"
        case .cancelledPreadmission: "ADT_A38"
        case .merge: "ADT_A39"
        }
    }

    /// ZBE-4.
    var action: String {
        switch self {
        case .cancelledAdmission, .cancelledTransfer, .cancelledDischarge, .cancelledDischargeAnnouncement, .cancelledPreadmission: "CANCEL"
        case .correction: "UPDATE"
        default: "INSERT"
        }
    }

    /// What takes back what this one inserted; nil if nothing here does.
    var cancellation: HospitalTrigger? {
        switch self {
        case .admission, .registration: .cancelledAdmission
        case .transfer: .cancelledTransfer
        case .discharge: .cancelledDischarge
        case .dischargeAnnouncement: .cancelledDischargeAnnouncement
        case .preadmission: .cancelledPreadmission
        default: nil
        }
    }
}
