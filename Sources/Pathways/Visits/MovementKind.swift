/// What a movement does to a visit. The raw value is the word in the log.
public enum MovementKind: String, Hashable, Sendable, CaseIterable {
    /// A14.
    case admissionAnnouncement
    /// A05.
    case preadmission
    /// A01.
    case admission
    /// A04 with PV1-2 `E` or `O`: an emergency or outpatient visit, which is no stay and starts no follow-up.
    case emergencyVisit
    /// A06, A07.
    case classChange
    /// A15.
    case transferAnnouncement
    /// A02.
    case transfer
    /// A54.
    case attendingChange
    /// A21.
    case leave
    /// A22.
    case leaveReturn
    /// A16.
    case dischargeAnnouncement
    /// A03.
    case discharge

    /// Breaks the tie between movements of one instant: a story is told in this order, but for readmissions (``Stay/defers(_:to:)``).
    var rank: Int {
        switch self {
        case .admissionAnnouncement: 0
        case .preadmission: 1
        case .emergencyVisit: 2
        case .admission: 3
        case .classChange: 4
        case .transferAnnouncement: 5
        case .transfer: 6
        case .attendingChange: 7
        case .leaveReturn: 8
        case .leave: 9
        case .dischargeAnnouncement: 10
        case .discharge: 11
        }
    }

    /// Whether a visit can begin with it. The others wait (as orphans) for one of these, or for an admission.
    var beginsVisit: Bool {
        switch self {
        case .admissionAnnouncement, .preadmission, .admission, .emergencyVisit: true
        case .classChange, .transferAnnouncement, .transfer, .attendingChange, .leave, .leaveReturn, .dischargeAnnouncement, .discharge: false
        }
    }

    /// Whether the patient is in after it. A06 and A07 after a pre-admission too (class N to another, health-domain §A.4).
    var admits: Bool {
        switch self {
        case .admission, .emergencyVisit, .classChange: true
        default: false
        }
    }

    /// Whether only a patient who is in can do it; it waits otherwise (as an orphan). What is announced may follow a pre-admission.
    var followsAdmission: Bool {
        switch self {
        case .transfer, .discharge, .leave, .leaveReturn, .attendingChange: true
        default: false
        }
    }
}
