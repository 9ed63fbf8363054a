import Timekeeping

/// Draws what goes wrong on a day, and when.
struct FaultModel {
    let habits: FaultHabits
    private var random: SplitMix64

    init(habits: FaultHabits, random: SplitMix64) {
        self.habits = habits
        self.random = random
    }

    mutating func faults(on day: Int) -> [(fault: Fault, at: Instant)] {
        var faults: [(Fault, Instant)] = []
        func at(_ random: inout SplitMix64) -> Instant { ParisTime.instant(day: day, minute: random.below(1_440)) }
        for _ in 0..<random.poisson(habits.crashes) {
            guard let moment = random.pick(CrashSwitch.Moment.allCases) else { continue }
            faults.append((.crash(moment, countdown: random.below(4)), at(&random)))
        }
        for _ in 0..<random.poisson(habits.clockJumps) {
            let begin = at(&random)
            faults.append((.clock(Int64(random.between(-3_600, 3_600)) * 1_000), begin))
            faults.append((.clock(0), begin.adding(minutes: Int64(random.between(20, 600)))))
        }
        for _ in 0..<random.poisson(habits.outages) { faults.append((.outage(minutes: random.between(10, 2_880)), at(&random))) }
        for _ in 0..<random.poisson(habits.schedulerStops) { faults.append((.schedulerStops(minutes: random.between(30, 1_500)), at(&random))) }
        for _ in 0..<random.poisson(habits.planningDelays) { faults.append((.planningStops(minutes: random.between(2, 45)), at(&random))) }
        for _ in 0..<random.poisson(habits.lostTimers) { faults.append((.timersLost, at(&random))) }
        return faults
    }

    /// Milliseconds until a dead process runs again.
    mutating func restartDelay() -> Int64 { Int64(random.between(500, 90_000)) }
    /// Milliseconds until the planner sees what is new.
    mutating func planningDelay() -> Int64 { Int64(random.between(50, 2_500)) }
    /// Milliseconds by which the scheduler comes late: it looks once a minute.
    mutating func lookDelay() -> Int64 { Int64(random.between(0, 60_000)) }
    /// Events that the planner is handed at once.
    mutating func pageSize() -> Int { random.between(1, 200) }
}
