import Pathways

extension ADTTrigger {
    /// MSH-9.3: the structure of PAM France first, then those that senders write instead and that hold the same.
    var structures: [String] {
        switch self {
        case .admission, .registration, .updateOfVisit, .cancelledDischarge, .correction: ["ADT_A01"]
        case .transfer: ["ADT_A02"]
        case .discharge: ["ADT_A03"]
        case .preadmission, .admissionAnnouncement, .newPatient, .updateOfPatient: ["ADT_A05"]
        case .changeToInpatient, .changeToOutpatient: ["ADT_A06"]
        case .cancelledAdmission: ["ADT_A09"]
        case .cancelledTransfer: ["ADT_A12"]
        case .transferAnnouncement: ["ADT_A15"]
        case .dischargeAnnouncement: ["ADT_A16"]
        case .leave, .leaveReturn, .cancelledDischargeAnnouncement, .cancelledTransferAnnouncement, .cancelledAdmissionAnnouncement:
            ["ADT_A21"]
        case .cancelledLeave, .cancelledLeaveReturn: ["ADT_A52", "ADT_A21"]
        case .attendingChange: ["ADT_A54"]
        case .cancelledAttendingChange: ["ADT_A52", "ADT_A55"]
        case .cancelledPreadmission: ["ADT_A38"]
        case .merge: ["ADT_A39"]
        case .moveOfDossier: ["ADT_A43"]
        case .changeOfIdentifiers: ["ADT_A30"]
        }
    }

    /// The triggers that ZBE-6 may name in a cancellation, the usual one first; empty where nothing is taken back. A class change is
    /// taken back by the opposite code.
    var cancelled: [ADTTrigger] {
        switch self {
        case .cancelledAdmission: [.admission, .registration]
        case .cancelledTransfer: [.transfer]
        case .cancelledDischarge: [.discharge]
        case .cancelledPreadmission: [.preadmission]
        case .cancelledAdmissionAnnouncement: [.admissionAnnouncement]
        case .cancelledTransferAnnouncement: [.transferAnnouncement]
        case .cancelledDischargeAnnouncement: [.dischargeAnnouncement]
        case .cancelledLeave: [.leave]
        case .cancelledLeaveReturn: [.leaveReturn]
        case .cancelledAttendingChange: [.attendingChange]
        case .changeToInpatient: [.changeToOutpatient]
        case .changeToOutpatient: [.changeToInpatient]
        default: []
        }
    }

    /// The kind of movement that this trigger inserts; nil for the others.
    var inserted: MovementKind? {
        if case .movement(let kind) = meaning { kind } else { nil }
    }

    /// PV1-2 beside an INSERT: the class in which the patient is from then on (health-domain §A.4, matrix of A06 and A07). Nil = any.
    ///
    /// A04 registers who does not stay. A class of stay beside it (I, R) does not make it one: follow-ups start after an A01.
    var insertedClasses: Set<PatientClass>? {
        switch self {
        case .registration: [.emergency, .outpatient, .notApplicable, .remote]
        case .changeToInpatient: [.inpatient, .recurring]
        case .changeToOutpatient: [.emergency, .outpatient]
        default: nil
        }
    }

    /// PV1-2 beside a CANCEL: the class to which the patient is back. The matrix leads from every class but télésurveillance.
    var restoredClasses: Set<PatientClass>? {
        switch self {
        case .changeToInpatient, .changeToOutpatient: [.emergency, .inpatient, .recurring, .outpatient, .notApplicable]
        default: nil
        }
    }

    /// What a class change means where PV1-2 does not say: into hospital, or out of it.
    var impliedClass: PatientClass? {
        switch self {
        case .changeToInpatient: .inpatient
        case .changeToOutpatient: .outpatient
        default: nil
        }
    }
}
