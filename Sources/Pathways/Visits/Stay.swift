public import Timekeeping

/// Where a visit stands: the result of folding its movements.
public struct Stay: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        case unknown
        case preadmitted
        case admitted
        case discharged
        case cancelled
    }

    public private(set) var status: Status = .unknown
    /// A04 only: an emergency or outpatient visit starts no follow-up.
    public private(set) var isEmergencyVisit = false
    public private(set) var admittedAt: Instant?
    public private(set) var dischargedAt: Instant?
    public private(set) var mode: DischargeMode?
    /// The movement of the discharge in force.
    public private(set) var discharge: MovementID?
    public private(set) var unit: MedicalUnitReference?
    /// Every professional declared so far, the latest word on each role winning.
    public private(set) var declared: [DeclaredProfessional] = []

    init() {}

    init(story: [VisitHistory.Entry], everBegun: Bool) {
        status = everBegun ? .cancelled : .unknown
        for entry in story {
            if let unit = entry.movement.unit { self.unit = unit }
            for professional in entry.movement.declared {
                declared.removeAll { $0.role == professional.role }
                declared.append(professional)
            }
            apply(entry)
        }
    }

    private mutating func apply(_ entry: VisitHistory.Entry) {
        switch entry.kind {
        case .preadmission:
            if status != .admitted { status = .preadmitted }
        case .emergencyVisit, .admission:
            isEmergencyVisit = entry.kind == .emergencyVisit
            status = .admitted
            admittedAt = entry.movement.effectiveAt
            dischargedAt = nil
            mode = nil
            discharge = nil
        case .transfer:
            break
        // A discharge whose admission was taken back says nothing any more.
        case .discharge where status == .admitted || status == .discharged:
            status = .discharged
            dischargedAt = entry.movement.effectiveAt
            mode = entry.mode
            discharge = entry.movement.id
        case .discharge:
            break
        }
    }
}
