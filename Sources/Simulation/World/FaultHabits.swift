/// What goes wrong with the coordinator's machine, each so many times a day on average.
public struct FaultHabits: Sendable, Hashable {
    /// The process dies at some step, and is started again.
    public var crashes = 0.5
    /// The clock is wrong by up to an hour for some hours.
    public var clockJumps = 0.05
    /// Nothing runs for up to 48 hours.
    public var outages = 0.01
    /// The deadline scheduler alone stands still for hours.
    public var schedulerStops = 0.05
    /// The planner falls behind by minutes.
    public var planningDelays = 0.5
    /// Timers and loads are lost, and made again from the log.
    public var lostTimers = 0.02

    public init() {}

    /// A machine that never fails.
    public static var none: FaultHabits {
        var habits = FaultHabits()
        (habits.crashes, habits.clockJumps, habits.outages) = (0, 0, 0)
        (habits.schedulerStops, habits.planningDelays, habits.lostTimers) = (0, 0, 0)
        return habits
    }

    /// Much more than any machine fails, so that a few days meet every fault.
    public static var harsh: FaultHabits {
        var habits = FaultHabits()
        (habits.crashes, habits.clockJumps, habits.outages) = (2, 0.3, 0.04)
        (habits.schedulerStops, habits.planningDelays, habits.lostTimers) = (0.3, 3, 0.08)
        return habits
    }
}
