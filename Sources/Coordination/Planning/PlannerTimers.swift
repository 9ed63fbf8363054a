import EventStore
public import Timekeeping

/// Turns a passed deadline into work for the planner. It only looks: lateness itself is computed by whoever reads (I6), and a deadline
/// missed while nothing ran is found at the next look.
public struct PlannerTimers: Sendable {
    private static let batch = 64

    private let planner: FollowUpPlanner
    private let table: PlannerTimerTable
    private let time: TimeSource

    public init(planner: FollowUpPlanner, table: PlannerTimerTable, time: TimeSource) {
        self.planner = planner
        self.table = table
        self.time = time
    }

    /// Fires what is due, oldest first. A pathway that cannot be read is parked, visibly, and holds up no other.
    /// - Returns: how many timers were looked at.
    @discardableResult
    public func fireDue() async throws -> Int {
        let due = try table.due(at: time.now(), limit: Self.batch)
        for timer in due {
            do {
                try await planner.reconcile(timer.stream, causedBy: nil, step: "home-return@\(timer.due.millisecondsSinceEpoch)")
                try table.finish(timer)
            } catch CoordinationError.unreadable(let position, let type, let problem) {
                try table.park(timer, position: position, problem: "event \(position) (\(type)): \(problem)", since: time.now())
            }
        }
        return due.count
    }

    /// Looks again after each `pause`, until cancelled. Trouble is reported and tried again.
    public func run(pause: @Sendable () async throws -> Void, report: @Sendable (any Error) -> Void) async {
        while !Task.isCancelled {
            do {
                if try await fireDue() == Self.batch { continue }
            } catch {
                report(error)
            }
            do { try await pause() } catch { return }
        }
    }
}
