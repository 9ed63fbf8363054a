import Coordination
import EventStore
import Foundation
import Intake
import Logging
import Pathways
import Projections
import Timekeeping
import Web

/// Everything of one territory, wired: the log and what follows it. There is one in the process that owns the directory.
struct Node: Sendable {
    let directory: NodeDirectory
    let log: SQLiteEventLog
    let coordinator: Coordinator
    let plannerRunner: FollowerRunner
    let timers: PlannerTimers
    let plannerStore: PlannerStore
    let projections: ProjectionRunner
    let views: Views
    let intake: HL7Intake
    let logger: Logger

    /// Takes the directory's lock.
    /// - Throws: `Failure`, `EventStoreError` (`ownedByAnother` if a server runs).
    static func open(_ directory: NodeDirectory, logger: Logger) throws -> Node {
        let settings = try directory.settings()
        let environment = try directory.environment()
        let time = TimeSource.system
        let sealer = PlainSealer()
        let log = try SQLiteEventLog.open(
            .init(directory: directory.path, identity: settings.territory, createsIfMissing: true, sealer: sealer, time: time)
        )
        let coordinator = Coordinator(
            log: log,
            sealer: sealer,
            streams: StreamNames(naming: try directory.streamNaming(), territory: settings.territory),
            time: time,
            ids: EventIDGenerator(time: time) { UInt64.random(in: .min ... .max) }
        )
        let store = try PlannerStore(path: directory.reactors)
        let planner = FollowUpPlanner(coordinator: coordinator)
        let projections = try ProjectionRunner(directory: directory.path, log: log, sealer: sealer)
        return Node(
            directory: directory,
            log: log,
            coordinator: coordinator,
            plannerRunner: FollowerRunner(PlannerFollower(planner: planner, store: store), of: log),
            timers: PlannerTimers(planner: planner, store: store, time: time),
            plannerStore: store,
            projections: projections,
            views: try Views(directory: directory.path),
            intake: HL7Intake(coordinator: coordinator, environment: environment, logger: logger),
            logger: logger
        )
    }

    /// What the pages and the API stand on.
    func webServices(demoAccounts: [DemoAccount] = []) throws -> WebServices {
        WebServices(
            coordinator: coordinator,
            toDo: ToDoReader(views: views),
            timeline: TimelineReader(views: views, log: log, sealer: PlainSealer()),
            directory: DirectoryReader(views: views),
            feed: FeedReader(views: views, log: log),
            replay: PathwayReplay(reader: log, sealer: PlainSealer()),
            projections: ProjectionReader(views: views),
            intake: intake,
            awaitPosition: { [projections] position, limit in
                (try? await projections.wait(for: position, atMost: limit.components.seconds * 1_000)) ?? false
            },
            readiness: { try readiness() },
            time: coordinator.time,
            environment: try directory.environment(),
            demoAccounts: demoAccounts
        )
    }

    /// Followers against a head that is read independently of them.
    private func readiness() throws -> Readiness {
        let head = try log.head()
        let planner = plannerRunner.status
        let lag = planner.lag(behind: head)
        let parked = try plannerStore.parked().count
        let detail = planner.lastError.map { "last error: \($0)" } ?? (parked > 0 ? "parked \(parked) pathways" : nil)
        let check = Readiness.Check(name: "planner", isReady: lag <= 1_000 && parked == 0, lag: lag, detail: detail)
        let views = Readiness.ofViews(try ProjectionReader(views: views).status(), behind: head)
        return Readiness(checks: views.checks + [check])
    }

    /// Waits until the planner has worked on everything in the log, and the views show what it did: for commands that end.
    func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let head = try log.head().position
            if plannerRunner.status.position >= head {
                if try await projections.wait(for: head, atMost: 5_000), try log.head().position == head { return }
            } else {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        throw Failure(.storage, "the follow-up planner has not caught up within a minute; run: relais projections status --data \(directory.path)")
    }
}
