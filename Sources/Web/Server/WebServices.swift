public import Coordination
public import EventStore
public import Intake
public import Pathways
public import Projections
public import Timekeeping

/// Everything that the pages and the API stand on, handed in: this room makes none of it.
public struct WebServices: Sendable {
    public var coordinator: Coordinator
    public var followUpDesk: FollowUpDesk
    public var hospitalDesk: HospitalDesk
    public var patientDesk: PatientDesk
    public var pathwayDesk: PathwayDesk
    public var absenceDesk: AbsenceDesk
    public var quarantineDesk: QuarantineDesk
    public var territoryPublisher: TerritoryPublisher
    public var toDo: ToDoReader
    public var timeline: TimelineReader
    public var why: WhyReader
    public var directory: DirectoryReader
    public var feed: FeedReader
    public var quarantine: QuarantineReader
    public var replay: PathwayReplay
    public var projections: ProjectionReader
    public var intake: HL7Intake
    /// Waits until the views have taken in a position, for at most so long; says whether they have.
    public var awaitPosition: @Sendable (_ position: Int64, _ atMost: Duration) async -> Bool
    public var readiness: @Sendable () throws -> Readiness
    /// How the followers fare, for metrics.
    public var followers: @Sendable () throws -> [FollowerHealth] = { [] }
    /// What is counted in memory of this territory, for metrics.
    public var figures: @Sendable () -> [MetricFamily] = { [] }
    /// What is counted in memory of the whole process, whatever territories it serves, for metrics.
    public var processFigures: @Sendable () -> [MetricFamily] = { [] }
    /// Whether the log accepts appends; nil where that is not known.
    public var isAccepting: (@Sendable () -> Bool)?
    /// Nil where nobody signs for the log.
    public var transparency: TransparencyServices?
    /// Nil where nothing is sealed: there is then nothing to destroy.
    public var erasures: ErasureServices?
    /// Nil where nobody is told anything.
    public var notifications: NotificationServices?
    public var time: TimeSource
    public var environment: DeploymentEnvironment
    /// Whom one can be on the home page; empty outside the demonstration.
    public var demoAccounts: [DemoAccount]

    public init(
        coordinator: Coordinator,
        toDo: ToDoReader,
        timeline: TimelineReader,
        why: WhyReader,
        directory: DirectoryReader,
        feed: FeedReader,
        quarantine: QuarantineReader,
        replay: PathwayReplay,
        projections: ProjectionReader,
        intake: HL7Intake,
        awaitPosition: @escaping @Sendable (_ position: Int64, _ atMost: Duration) async -> Bool,
        readiness: @escaping @Sendable () throws -> Readiness,
        transparency: TransparencyServices? = nil,
        erasures: ErasureServices? = nil,
        time: TimeSource,
        environment: DeploymentEnvironment,
        demoAccounts: [DemoAccount] = []
    ) {
        self.coordinator = coordinator
        followUpDesk = FollowUpDesk(coordinator: coordinator)
        hospitalDesk = HospitalDesk(coordinator: coordinator)
        patientDesk = PatientDesk(coordinator: coordinator)
        pathwayDesk = PathwayDesk(coordinator: coordinator)
        absenceDesk = AbsenceDesk(coordinator: coordinator)
        quarantineDesk = QuarantineDesk(intake: intake)
        territoryPublisher = TerritoryPublisher(coordinator: coordinator)
        self.toDo = toDo
        self.timeline = timeline
        self.why = why
        self.directory = directory
        self.feed = feed
        self.quarantine = quarantine
        self.replay = replay
        self.projections = projections
        self.intake = intake
        self.awaitPosition = awaitPosition
        self.readiness = readiness
        self.transparency = transparency
        self.erasures = erasures
        self.time = time
        self.environment = environment
        self.demoAccounts = demoAccounts
    }

    /// The directory and protocols in force.
    func territory() throws -> TerritoryState { try coordinator.loader.territory(coordinator.streams.territory).state }
}
