/// What makes a rule plan its follow-up. J0 of the rule's window is the day of what the trigger names.
public enum RuleTrigger: String, Sendable, Hashable, CaseIterable {
    /// The patient leaves hospital.
    case discharge
    /// Nobody has confirmed the return home by the moment the rule's window opens. J0 is the day of discharge.
    case homeReturnMissing = "home-return-missing"
    /// The discharge is expected. Wanted until it takes place.
    case dischargePlanned = "discharge-planned"
    /// The admission is expected. Wanted until it takes place.
    case admissionPlanned = "admission-planned"
    /// The patient is in hospital. Wanted until they leave.
    case admission
    /// A professional reports an alert sign.
    case alertSign = "alert-sign"
    /// A professional reports that a prescription is missing. Wanted until it is obtained.
    case prescriptionMissing = "prescription-missing"

    /// Whether it waits for something that is expected: its window may open before J0.
    public var isExpectation: Bool { self == .dischargePlanned || self == .admissionPlanned }

    /// Whether its follow-ups follow a discharge, and wait while the patient is back in hospital.
    public var followsDischarge: Bool { self == .discharge || self == .homeReturnMissing }

    /// Whether who refuses all follow-ups refuses this one with them. What answers somebody's report is care that was asked for since; what
    /// the hospital's unit does is the hospital's own duty, as the liaison letter (CSP R1112-1-2). Either can be refused by name.
    func isRefusedWithAll(as role: CareRole) -> Bool {
        switch self {
        case .alertSign, .prescriptionMissing: false
        case .discharge, .homeReturnMissing, .dischargePlanned, .admissionPlanned, .admission: role != .dischargingUnit
        }
    }
}
