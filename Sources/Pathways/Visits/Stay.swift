public import Timekeeping

/// Where a visit stands: the result of folding its movements.
public struct Stay: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        case unknown
        case preadmitted
        case admitted
        /// Away for a while (A21): in hospital all the same.
        case onLeave
        case discharged
        case cancelled
    }

    public private(set) var status: Status = .unknown
    /// An emergency or outpatient visit (A04, or a change to class E, O, N, V): it starts no follow-up.
    public private(set) var isEmergencyVisit = false
    /// Of a visit that becomes a stay (A06 from E to I), the time of the change.
    public private(set) var admittedAt: Instant?
    public private(set) var dischargedAt: Instant?
    public private(set) var mode: DischargeMode?
    /// The movement of the discharge in force.
    public private(set) var discharge: MovementID?
    public private(set) var unit: MedicalUnitReference?
    /// Every professional declared so far, the latest word on each role winning.
    public private(set) var declared: [DeclaredProfessional] = []
    /// PV1-2.
    public private(set) var patientClass: PatientClass?
    /// PV1-21.
    public private(set) var chargeType: String?
    /// RPPS of the doctor who is responsible in hospital, as sent (PV1-7).
    public private(set) var attending: String?
    /// When the admission is expected (A05, A14); nil once the patient is in.
    public private(set) var plannedAdmissionAt: Instant?
    /// When the hospital expects the discharge (A16); nil once it took place, or if the announcement was taken back (A25).
    public private(set) var plannedDischargeAt: Instant?
    /// When the patient is expected back from leave.
    public private(set) var returnExpectedAt: Instant?

    /// Hospitalisation à domicile: class I with charge type 06 (PAM France, PV1-21).
    public var isHAD: Bool { chargeType == "06" && !isEmergencyVisit }

    /// In hospital, or away from it for a while.
    public var isInHospital: Bool { status == .admitted || status == .onLeave }

    init() {}

    /// Whether a movement must wait for its opposite at the same instant: who was in before it is discharged, then admitted anew. Without
    /// that, ranks alone would leave them discharged. Who was not in is admitted first, however often that is said. A leave and its return at
    /// one instant follow their ranks.
    ///
    /// - Parameter moment: all movements of that instant that are not told yet.
    static func defers(_ stated: StatedMovement, to moment: [StatedMovement]) -> Bool {
        guard !stated.isCancelled, stated.kind == .admission || stated.kind == .emergencyVisit else { return false }
        return moment.contains { $0.kind == .discharge && !$0.isCancelled }
    }

    /// Takes in a movement that comes after all others at the bedside.
    mutating func apply(_ stated: StatedMovement) {
        if status == .unknown { status = .cancelled }
        if stated.isCancelled { return }
        let movement = stated.movement
        switch stated.kind {
        // They tell of what is to come, elsewhere perhaps.
        case .transferAnnouncement: return
        case .dischargeAnnouncement:
            plannedDischargeAt = movement.expectedAt ?? plannedDischargeAt
            return
        default: takeIn(movement)
        }
        switch stated.kind {
        case .admissionAnnouncement, .preadmission:
            plannedAdmissionAt = movement.expectedAt ?? plannedAdmissionAt
            if !isInHospital { status = .preadmitted }
        case .emergencyVisit, .admission: admit(stated)
        case .classChange: changeClass(movement)
        case .leave:
            guard status == .admitted else { break }
            status = .onLeave
            returnExpectedAt = movement.expectedAt
        case .leaveReturn:
            guard status == .onLeave else { break }
            status = .admitted
            returnExpectedAt = nil
        case .discharge: discharge(stated)
        case .transfer, .attendingChange, .transferAnnouncement, .dischargeAnnouncement: break
        }
    }

    /// What any movement may say beside what it is.
    private mutating func takeIn(_ movement: Movement) {
        if let unit = movement.unit { self.unit = unit }
        if let attending = movement.attending { self.attending = attending }
        if let patientClass = movement.patientClass { self.patientClass = patientClass }
        if let chargeType = movement.chargeType { self.chargeType = chargeType }
        for professional in movement.declared {
            declared.removeAll { $0.role == professional.role }
            declared.append(professional)
        }
    }

    private mutating func admit(_ stated: StatedMovement) {
        // What was announced of an earlier stay of the visit says nothing of this one.
        if status == .discharged { plannedDischargeAt = nil }
        isEmergencyVisit = stated.kind == .emergencyVisit
        status = .admitted
        admittedAt = stated.movement.effectiveAt
        patientClass = stated.movement.patientClass
        chargeType = stated.movement.chargeType
        dischargedAt = nil
        mode = nil
        discharge = nil
        plannedAdmissionAt = nil
        returnExpectedAt = nil
    }

    /// A06, A07 while the patient is in hospital, or about to be (matrix of health-domain §A.4).
    private mutating func changeClass(_ movement: Movement) {
        guard let changed = movement.patientClass else { return }
        if status == .preadmitted {
            status = .admitted
            admittedAt = movement.effectiveAt
            isEmergencyVisit = !changed.isStay
            plannedAdmissionAt = nil
        }
        guard isInHospital else { return }
        let wasStay = !isEmergencyVisit
        let isStay = changed.isStay
        isEmergencyVisit = !isStay
        if isStay && !wasStay { admittedAt = movement.effectiveAt }
        // A leave is one from a stay.
        if !isStay {
            status = .admitted
            returnExpectedAt = nil
        }
    }

    private mutating func discharge(_ stated: StatedMovement) {
        // A discharge whose admission was taken back says nothing any more.
        guard isInHospital || status == .discharged else { return }
        status = .discharged
        dischargedAt = stated.movement.effectiveAt
        mode = stated.mode ?? .unstated
        discharge = stated.movement.id
        plannedDischargeAt = nil
        returnExpectedAt = nil
    }
}

extension PatientClass {
    /// Whether a visit of this class is a stay, after which somebody returns home.
    var isStay: Bool { self == .inpatient || self == .recurring }
}
