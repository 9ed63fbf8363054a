import Pathways

/// One professional with their own ways.
struct Colleague {
    let rpps: String
    let role: CareRole
    let hours: WorkingHours
    /// Probabilities, of one offer.
    let accepts: Double
    let declines: Double
    /// Half of their answers come within so many minutes of work.
    let answerMinutes: Double

    init(_ professional: Professional, habits: StaffHabits, using random: inout SplitMix64) {
        rpps = professional.rpps.value
        role = professional.role
        switch professional.role {
        case .nurse, .midwife: hours = .nurse
        case .referent, .dischargingUnit, .socialWorker: hours = .office
        default: hours = .surgery
        }
        accepts = min(0.97, habits.accepts * random.between(0.6, 1.35))
        declines = min(1 - accepts, habits.declines * random.between(0.3, 1.9))
        answerMinutes = habits.answerMinutes * random.between(0.4, 2.5)
    }
}
