import EventStore
public import Timekeeping

/// Turns a passed deadline into work for the planner. It only looks: lateness itself is computed by whoever reads (I6), and a deadline
/// missed while nothing ran is found at the next look.
public struct PlannerTimers: Sendable {
    private static let batch = 64

    private let planner: FollowUpPlanner
    private let store: PlannerStore
    private let time: TimeSource

    public init(planner: FollowUpPlanner, store: PlannerStore, time: TimeSource) {
        self.planner = planner
        self.store = store
        self.time = time
    }

    /// Fires what is due, oldest first. A pathway that cannot be read is parked, visibly, and holds up no other.
    /// - Returns: how many timers were fired.
    @discardableResult
    public func fireDue() async throws -> Int {
        let due = try store.dueTimers(at: time.now(), limit: Self.batch)
        for timer in due {
            var parked: PlannerStore.Parked?
            do {
                try await planner.reconcile(timer.stream, causedBy: nil, step: "home-return@\(timer.due.millisecondsSinceEpoch)")
            } catch CoordinationError.unreadable(let position, let type, let problem) {
                parked = .init(stream: timer.stream, position: position, problem: "event \(position) (\(type)): \(problem)")
            }
            try store.finish(timer, of: FollowUpPlanner.scope, parked: parked)
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
