import Pathways
import Timekeeping

/// How long things wait, and how often they are tried.
public struct DispatchRules: Hashable, Sendable {
    /// Minutes that routine news wait for others, from when the first of them was recorded.
    public var mergeMinutes: Int64 = 15
    /// News in one message at most: what is more than that goes into the next one.
    public var itemsPerMessage = 50
    /// Routine messages that a person gets within 24 hours; what asks for nothing and is over waits for the morning.
    public var dailyBudget = 8
    /// Milliseconds of failures on a channel after which the next one is tried, if there is one.
    public var urgentPatience: Int64 = 10 * 60_000
    public var routinePatience: Int64 = 4 * 3_600_000
    /// Milliseconds for which the last channel is tried.
    public var lastPatience: Int64 = 72 * 3_600_000
    /// Minutes between telling and the end of the time to answer below which nobody is reminded.
    public var shortestToRemind: Int64 = 60

    public init() {}

    /// Milliseconds after each failure on a channel; the last one for all that follow.
    static let pauses: [Int64] = [10_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000]
    /// The longest that a peer may have us wait, in milliseconds; no retry is ever further away.
    static let longestPause: Int64 = 24 * 3_600_000
    /// Minutes after local midnight at which a day begins for whom no quiet hours say it.
    static let morning = 7 * 60

    func patience(_ urgency: News.Urgency) -> Int64 { urgency == .urgent ? urgentPatience : routinePatience }

    /// Milliseconds until the next attempt, ± 20 %.
    ///
    /// - Parameter chance: uniformly distributed.
    static func pause(afterAttempts attempts: Int, chance: UInt64) -> Int64 {
        let nominal = pauses[min(max(attempts, 1), pauses.count) - 1]
        let fifth = nominal / 5
        return nominal - fifth + Int64(chance % UInt64(2 * fifth + 1))
    }
}
