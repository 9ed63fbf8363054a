import Coordination
import EventStore
import Intake
import Logging
import Pathways
import Timekeeping

/// One life of the coordinator's process: all that is lost when it dies. What it is made of is durable.
final class Node {
    /// What outlives the process.
    struct Durable {
        let storage: SimulationStorage
        let ledger: ForgetfulLedger
        let clock: VirtualClock
        let crash: CrashSwitch
        let ids: EventIDGenerator
    }

    let coordinator: Coordinator
    let intake: HL7Intake
    let followUps: FollowUpDesk
    let pathways: PathwayDesk
    let absences: AbsenceDesk
    let follower: ReactorFollower
    let scheduler: DeadlineScheduler
    private let deadlines: MortalDeadlineStore

    init(_ durable: Durable) {
        let time = durable.clock.source
        let log = MortalLog(durable: durable.storage.log, crash: durable.crash)
        let reactors = MortalReactorStore(durable: durable.storage.reactors, crash: durable.crash)
        deadlines = MortalDeadlineStore(durable: durable.storage.deadlines, crash: durable.crash)
        coordinator = Coordinator(log: log, sealer: durable.storage.sealer, streams: durable.storage.streams, time: time, ids: durable.ids)
        intake = HL7Intake(
            coordinator: coordinator,
            environment: .test,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        )
        followUps = FollowUpDesk(coordinator: coordinator)
        pathways = PathwayDesk(coordinator: coordinator)
        absences = AbsenceDesk(coordinator: coordinator)
        let planner = FollowUpPlanner(coordinator: coordinator, ledger: durable.ledger)
        // One sequence at a time: which of two is faster must not depend on the machine.
        follower = ReactorFollower(
            PlannerReactor(planner: planner, deadlines: deadlines),
            store: reactors,
            log: log,
            time: time,
            concurrency: 1
        )
        scheduler = DeadlineScheduler(planner: planner, deadlines: deadlines, parking: reactors, time: time)
    }

    func caller(_ rpps: String) throws -> Caller {
        try Caller(urn: "urn:rpps:\(rpps)", in: try coordinator.loader.territory(coordinator.streams.territory).state)
    }

    /// Hands the next page to the planner.
    /// - Returns: whether there was one.
    func plan(pageSize: Int) async throws -> Bool {
        let events = try coordinator.log.read(after: try await follower.loadCheckpoint().position, limit: pageSize)
        guard let last = events.last else { return false }
        let checkpoint = FollowerCheckpoint(position: last.position, epoch: coordinator.log.epoch)
        try await follower.handle(EventPage(events: events, checkpoint: checkpoint))
        return true
    }

    /// When the first timer rings.
    func nextTimer() throws -> Instant? { try deadlines.next() }

    /// Meets all deadlines that have passed.
    func look() async throws {
        while try await scheduler.fireDue() > 0 {}
    }
}
