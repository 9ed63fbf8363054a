import Coordination
import EventStore
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
    private let log: any EventReader
    private let time: TimeSource

    /// - Parameter report: is told, in words for operators, that `reactors.sqlite` was damaged.
    init(
        _ directory: NodeDirectory,
        log: SQLiteEventLog,
        coordinator: Coordinator,
        projections: ProjectionRunner,
        tiles: TileStore,
        report: (String) -> Void
    ) throws {
        let time = coordinator.time
        let store = try SQLiteReactorStore(path: directory.reactors, report: report)
        let planner = FollowUpPlanner(coordinator: coordinator, ledger: SQLiteLoadLedger(store: store, loader: coordinator.loader))
        let timers = SQLiteDeadlineStore(store: store)
        let reactor = ReactorFollower(PlannerReactor(planner: planner, deadlines: timers), store: store, log: log, time: time)
        let deadlines = DeadlineRunner(DeadlineScheduler(planner: planner, deadlines: timers, parking: store, time: time), of: log)
        let plannerRunner = FollowerRunner(reactor, of: log)
        // Tiles are wanted by those who check, not by those who wait: few large pages.
        let tilesRunner = FollowerRunner(TileFollower(log: log, tiles: tiles), of: log)
        self.store = store
        self.planner = reactor
        self.plannerRunner = plannerRunner
        self.deadlines = deadlines
        self.tilesRunner = tilesRunner
        self.projections = projections
        self.log = log
        self.time = time
        reporter = FollowerReporter(
            [
                .init(status: { plannerRunner.status }, parked: { Int64(try reactor.parked().count) }),
                .init(status: { deadlines.status }),
                .init(status: { tilesRunner.status }),
                .init(status: { projections.status }),
            ],
            store: store
        )
    }

    /// Those that every served directory has.
    static let expected: [String: FollowerKind] = [
        PlannerReactor.name: .reactor, DeadlineRunner.name: .other, "tiles": .other, "projections": .projection,
    ]

    /// How they fare now, against the log's own head.
    func health() throws -> [FollowerHealth] {
        try FollowerHealth.evaluate(try reporter.reports(), expecting: Self.expected, log: log, now: time.now())
    }

    /// How they fare as another process tells: from the rows it writes.
    static func health(of directory: NodeDirectory, log: some EventReader) throws -> [FollowerHealth] {
        let reports = try SQLiteReactorStore(readingOnly: directory.reactors).reports()
        return try FollowerHealth.evaluate(reports, expecting: expected, log: log, now: TimeSource.system.now())
    }
}
