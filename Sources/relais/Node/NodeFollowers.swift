import Coordination
import EventStore
import Notifications
import Projections
import Timekeeping
import Transparency

/// What follows a territory's log, each on its own loop, what looks for passed deadlines, and how all of it is told.
struct NodeFollowers: Sendable {
    let store: SQLiteReactorStore
    let planner: ReactorFollower
    let plannerRunner: FollowerRunner
    let deadlines: DeadlineRunner
    let tilesRunner: FollowerRunner
    let projections: ProjectionRunner
    let reporter: FollowerReporter
    private let duty: NodeDuty
    private let part: NodeDispatch.Part?
    private let log: any EventReader
    private let time: TimeSource

    /// - Parameter notifications: whose dispatcher is among them if it runs.
    init(
        log: any EventReader,
        duty: NodeDuty,
        coordinator: Coordinator,
        projections: ProjectionRunner,
        tiles: TileStore,
        store: SQLiteReactorStore,
        notifications: NodeNotifications
    ) throws {
        let time = coordinator.time
        let planner = FollowUpPlanner(coordinator: coordinator, ledger: SQLiteLoadLedger(store: store, loader: coordinator.loader))
        let timers = SQLiteDeadlineStore(store: store)
        let reactor = ReactorFollower(PlannerReactor(planner: planner, deadlines: timers), store: store, log: log, time: time)
        let deadlines = DeadlineRunner(DeadlineScheduler(planner: planner, deadlines: timers, parking: store, time: time), of: log)
        let plannerRunner = FollowerRunner(reactor, of: log)
        // Tiles are wanted by those who check, not by those who wait: few large pages.
        let tilesRunner = FollowerRunner(TileFollower(log: log, tiles: tiles), of: log)
        self.store = store
        self.duty = duty
        self.planner = reactor
        self.plannerRunner = plannerRunner
        self.deadlines = deadlines
        self.tilesRunner = tilesRunner
        self.projections = projections
        self.log = log
        self.time = time
        var members: [FollowerReporter.Source] = [
            .init(status: { plannerRunner.status }, parked: { Int64(try reactor.parked().count) }),
            .init(status: { deadlines.status }),
            .init(status: { tilesRunner.status }),
            .init(status: { projections.status }),
            .init(status: { notifications.runner.status }, parked: { Int64(try notifications.reactor.parked().count) }),
        ]
        if notifications.dispatches { members.append(.init(status: { notifications.dispatcher.status })) }
        part = notifications.part
        reporter = FollowerReporter(members, store: store)
    }

    /// Those that every served directory has whose log is written there; a copy only shows and proves what it holds.
    private static func expected(_ role: LogRole) -> [String: FollowerKind] {
        let showing: [String: FollowerKind] = ["tiles": .other, "projections": .projection]
        guard role == .writer else { return showing }
        let working: [String: FollowerKind] = [
            PlannerReactor.name: .reactor, NotifierReactor.name: .reactor, DeadlineRunner.name: .other, Dispatcher.name: .other,
        ]
        return showing.merging(working) { $1 }
    }

    /// How they fare now, against the log's own head.
    func health() throws -> [FollowerHealth] {
        var expected = Self.expected(duty.isWriter ? .writer : .replica)
        switch part {
        case .alone: break
        case .elsewhere, nil: expected[Dispatcher.name] = nil
        case .member: expected.merge([NotifierReactor.name: .reactor, Dispatcher.name: .other]) { $1 }
        }
        let reports = try reporter.reports().filter { duty.isWriter || expected[$0.status.name] != nil }
        return try FollowerHealth.evaluate(reports, expecting: expected, log: log, now: time.now())
    }

    /// How they fare as another process tells: from the rows it writes.
    static func health(of directory: NodeDirectory, log: some EventReader) throws -> [FollowerHealth] {
        let role = try directory.role()
        var expected = expected(role)
        let all = try SQLiteReactorStore(readingOnly: directory.reactors).reports()
        // All of them are reported on together: others tell people then.
        let names = Set(all.map(\.status.name))
        if names.contains(NotifierReactor.name), !names.contains(Dispatcher.name) { expected[Dispatcher.name] = nil }
        let reports = all.filter { role == .writer || expected[$0.status.name] != nil }
        return try FollowerHealth.evaluate(reports, expecting: expected, log: log, now: TimeSource.system.now())
    }
}
