public import EventStore
import Pathways
public import Timekeeping

/// Turns a passed deadline into work for the planner. It only looks: lateness itself is computed by whoever reads (I6), and a deadline
/// missed while nothing ran is found at the next look.
public struct DeadlineScheduler: Sendable {
    private static let batch = 64

    private let planner: FollowUpPlanner
    private let deadlines: any DeadlineStore
    private let parking: any ReactorStore
    private let time: TimeSource

    /// - Parameter parking: where pathways wait that the planner cannot work on; their timers ring once they go on.
    public init(planner: FollowUpPlanner, deadlines: any DeadlineStore, parking: any ReactorStore, time: TimeSource) {
        self.planner = planner
        self.deadlines = deadlines
        self.parking = parking
        self.time = time
    }

    /// Looks at the pathways whose timers have rung, oldest first. One that cannot be worked on is parked, visibly, and holds up no other.
    ///
    /// - Returns: how many were looked at; at most 64: call again until it is 0.
    /// - Throws: what another attempt may mend.
    @discardableResult
    public func fireDue() async throws -> Int {
        let parked = try parking.parkedSequences(of: PlannerReactor.name)
        let due = try deadlines.due(at: time.now(), limit: Self.batch, excluding: parked)
        for timer in due {
            do {
                try await planner.meetDeadline(of: timer, in: deadlines)
            } catch {
                guard let trouble = PlannerTrouble(error) else { throw error }
                try park(timer, trouble)
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

    private func park(_ timer: PathwayTimer, _ trouble: PlannerTrouble) throws {
        let request = ParkingRequest(
            sequence: timer.stream,
            position: try trouble.position ?? planner.lastPosition(of: timer.stream),
            problem: trouble.text,
            since: time.now(),
            attempts: 1
        )
        try parking.park(request, of: PlannerReactor.name)
    }
}
