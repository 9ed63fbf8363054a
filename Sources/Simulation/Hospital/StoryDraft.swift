import Pathways
import Timekeeping

/// What is said of one visit, in the making.
struct StoryDraft {
    private(set) var statements: [HospitalStatement] = []
    private(set) var unit: MedicalUnit
    private var random: SplitMix64
    private var movements = 0
    private var isEmergency = false

    init(unit: MedicalUnit, random: SplitMix64) {
        self.unit = unit
        self.random = random
    }

    mutating func say(_ trigger: HospitalTrigger, at instant: Instant, expectedAt: Instant? = nil, exit: HospitalExit? = nil) {
        movements += 1
        if trigger == .registration { isEmergency = true }
        if trigger == .changeToInpatient || trigger == .admission { isEmergency = false }
        statements.append(
            HospitalStatement(
                trigger,
                movement: String(movements),
                at: instant,
                statedAt: typed(after: instant),
                unit: unit,
                expectedAt: expectedAt,
                exit: exit,
                isEmergency: isEmergency
            )
        )
    }

    mutating func move(to unit: MedicalUnit, at instant: Instant) {
        self.unit = unit
        say(.transfer, at: instant)
    }

    /// Some hours after it was typed in.
    mutating func takeBackLast(hours: ClosedRange<Int>) {
        guard let last = statements.last, let trigger = last.trigger.cancellation else { return }
        statements.append(
            HospitalStatement(
                trigger,
                movement: last.movement,
                at: last.at,
                statedAt: last.statedAt.adding(minutes: Int64(random.between(hours.lowerBound * 60, hours.upperBound * 60))),
                unit: unit,
                original: last.trigger,
                isEmergency: isEmergency
            )
        )
    }

    /// Some hours after it was typed in.
    mutating func correctLast(at instant: Instant, exit: HospitalExit, hours: ClosedRange<Int>) {
        guard let last = statements.last else { return }
        statements.append(
            HospitalStatement(
                .correction,
                movement: last.movement,
                at: instant,
                statedAt: last.statedAt.adding(minutes: Int64(random.between(hours.lowerBound * 60, hours.upperBound * 60))),
                unit: unit,
                original: last.trigger,
                exit: exit,
                isEmergency: isEmergency
            )
        )
    }

    /// Most is typed in at once, some at the end of the shift, a little the day after.
    private mutating func typed(after instant: Instant) -> Instant {
        let minutes =
            switch random.weighted([0.85, 0.12, 0.03]) {
            case 0: random.between(1, 30)
            case 1: random.between(60, 8 * 60)
            default: random.between(8 * 60, 40 * 60)
            }
        // To the second, as messages tell it.
        let second = instant.adding(minutes: Int64(minutes)).millisecondsSinceEpoch / 1_000 * 1_000
        return Instant(millisecondsSinceEpoch: second)
    }
}
