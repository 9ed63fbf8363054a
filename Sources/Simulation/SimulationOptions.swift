package import EventStore
public import Timekeeping

/// What to simulate. The same options make the same log, to the byte.
public struct SimulationOptions: Sendable {
    /// How much is checked after each step.
    public enum Checking: Sendable, Hashable {
        /// Nothing: to make a log, or to measure.
        case off
        /// Every invariant, for what the step touched.
        case everyStep
    }

    public var seed: UInt64
    /// Days of 24 hours.
    public var days: Int
    public var inhabitants: Int
    /// The first instant.
    public var start: Instant
    public var hospital = HospitalHabits()
    public var wire = WireHabits()
    public var staff = StaffHabits()
    public var faults = FaultHabits()
    public var checking = Checking.everyStep
    /// Names of the shipped protocol files to publish; nil = all. Reading them is most of what a short run costs.
    public var protocolFiles: Set<String>?
    /// Where the world is kept; a log in memory that ends with the run, if nil.
    public var storage: (@Sendable (TimeSource) async throws -> SimulationStorage)?
    /// Stands between the coordinator and its log: how the tests of the checker make the coordinator wrong.
    package var tamper: (@Sendable (any EventLog) -> any EventLog)?

    /// - Parameter start: Monday 5 January 2026, midnight in Paris, unless it says so.
    public init(seed: UInt64, days: Int, inhabitants: Int, start: Instant = Instant(millisecondsSinceEpoch: 1_767_567_600_000)) {
        self.seed = seed
        self.days = days
        self.inhabitants = inhabitants
        self.start = start
    }
}
