import Coordination
import EventStore
import Foundation
import Intake
import Logging
import Pathways
import Projections
import Sealing
import Timekeeping
import Transparency
import Web

/// Everything of one territory, wired: the log and what follows it. There is one in the process that owns the directory.
struct Node: Sendable {
    let directory: NodeDirectory
    let keys: KeyVault
    private let sealer: WatchedSealer
    let log: SQLiteEventLog
    /// The log as followers and readers see it: where brokers must have an event first, as far as they have it.
    let reader: any EventReader
    let duty: NodeDuty
    /// Its part in Kafka; nil without.
    let streaming: NodeStreaming?
    /// What partners are told and may ask for through Kafka; nil where none is named.
    let partners: NodePartners?
    let coordinator: Coordinator
    let followers: NodeFollowers
    let notifications: NodeNotifications
    let projections: ProjectionRunner
    let views: Views
    /// One for all: it keeps what it has read of the territory.
    let why: WhyReader
    let proofs: NodeProofs
    let intake: HL7Intake
    let intakeCounters: IntakeCounters
    /// How long an orphan may wait.
    let orphanAlarmMinutes: Int64
    let logger: Logger

    /// Takes the directory's lock, and obeys every erasure that the log records before anything can be read.
    ///
    /// - Parameters:
    ///   - role: what the log is to be; nil = what it is.
    ///   - notifications: how people are told; nil for a command, which leaves telling people to the server.
    /// - Throws: `Failure`, `SealingError`, `EventStoreError` (`ownedByAnother` if a server runs).
    static func open(
        _ directory: NodeDirectory,
        role: LogRole? = nil,
        streaming: NodeStreaming? = nil,
        orphanAlarmMinutes: Int64 = FeedReader.defaultOrphanAlarmMinutes,
        notifications given: NodeDispatch? = nil,
        logger: Logger
    ) throws -> Node {
        let settings = try directory.settings()
        let environment = try directory.environment()
        let time = TimeSource.system
        let keys = try NodeKeys.open(directory, settings, time: time)
        let sealer = WatchedSealer(keys)
        let role = try role ?? directory.role()
        let log = try SQLiteEventLog.open(
            .init(directory: directory.path, identity: settings.territory, createsIfMissing: true, role: role, sealer: sealer, time: time)
        )
        // Where brokers must have all first, they may lack what an earlier run recorded.
        let duty = NodeDuty(isWriter: role == .writer && streaming?.settings.acknowledgement != .kafka)
        let reader = streaming?.reader(over: log) ?? log
        let coordinator = Coordinator(
            log: streaming?.log(over: log) ?? log,
            sealer: keys,
            streams: StreamNames(naming: try directory.streamNaming(), territory: settings.territory),
            time: time,
            ids: EventIDGenerator(time: time) { UInt64.random(in: .min ... .max) }
        )
        let erased = try ErasureDesk(coordinator: coordinator, keys: keys).finishErasures()
        if erased > 0 { logger.notice("keys destroyed that the log says were erased", metadata: ["keys": "\(erased)"]) }
        let streams = coordinator.streams
        let projections = try ProjectionRunner(directory: directory.path, log: reader, sealer: keys, lookupKey: { streams.lookupKey($0) })
        let views = try Views(directory: directory.path)
        let report: @Sendable (String) -> Void = { logger.warning("\($0)") }
        let proofs = try NodeProofs(directory, log: reader, time: time, report: report)
        let store = try SQLiteReactorStore(path: directory.reactors, report: report)
        let notifications = try NodeNotifications(
            directory,
            dispatch: given,
            streaming: streaming,
            coordinator: coordinator,
            reader: reader,
            sealer: keys,
            store: store,
            logger: logger
        )
        let followers = try NodeFollowers(
            log: reader,
            duty: duty,
            coordinator: coordinator,
            projections: projections,
            tiles: proofs.tiles,
            store: store,
            notifications: notifications
        )
        let intakeCounters = IntakeCounters()
        return Node(
            directory: directory,
            keys: keys,
            sealer: sealer,
            log: log,
            reader: reader,
            duty: duty,
            streaming: streaming,
            partners: try streaming.flatMap { try NodePartners($0, log: log, coordinator: coordinator, table: notifications.table, logger: logger) },
            coordinator: coordinator,
            followers: followers,
            notifications: notifications,
            projections: projections,
            views: views,
            why: WhyReader(views: views, log: reader, sealer: keys, territory: streams.territory),
            proofs: proofs,
            intake: HL7Intake(coordinator: coordinator, environment: environment, logger: logger) { intakeCounters.count($0) },
            intakeCounters: intakeCounters,
            orphanAlarmMinutes: orphanAlarmMinutes,
            logger: logger
        )
    }

    var territory: String { log.identity }

    /// What the pages and the API stand on.
    func webServices(demoAccounts: [DemoAccount] = []) throws -> WebServices {
        let witness = try NodeWitness(directory)
        var services = WebServices(
            coordinator: coordinator,
            toDo: ToDoReader(views: views),
            timeline: TimelineReader(views: views, log: reader, sealer: keys),
            why: why,
            directory: DirectoryReader(views: views),
            feed: FeedReader(views: views, log: reader, orphanAlarmMinutes: orphanAlarmMinutes),
            quarantine: QuarantineReader(views: views),
            replay: PathwayReplay(reader: reader, sealer: keys),
            projections: ProjectionReader(views: views),
            intake: intake,
            awaitPosition: { [projections] position, limit in
                (try? await projections.wait(for: position, atMost: limit.components.seconds * 1_000)) ?? false
            },
            readiness: { try readiness() },
            transparency: TransparencyServices(prover: proofs.prover, checkpoints: proofs.checkpoints) { try witness.answer($0) },
            erasures: erasures,
            time: coordinator.time,
            environment: try directory.environment(),
            demoAccounts: demoAccounts
        )
        services.followers = { [followers] in try followers.health() }
        services.figures = { [intakeCounters, notifications, streaming, partners] in
            intakeCounters.families + notifications.families + (streaming?.meters.families ?? []) + (partners?.families ?? [])
        }
        services.notifications = try notifications.webServices(views: views, logger: logger)
        services.isAccepting = { [log, duty] in duty.isWriter && log.health.isAccepting }
        return services
    }

    /// The log itself, its followers against a head that is read independently of them, and each view.
    private func readiness() throws -> Readiness {
        let health = log.health
        let store = Readiness.Check(name: "log", isReady: health.isAccepting, detail: health.words)
        let keyTrouble = sealer.trouble
        let keys = Readiness.Check(name: "keys", isReady: keyTrouble == nil, detail: keyTrouble)
        let followers = try followers.health().map(Readiness.Check.init)
        let views = Readiness.ofViews(try ProjectionReader(views: views).status(), behind: try reader.head())
        let kafka = try streaming.map { [try $0.check(log)] } ?? []
        let told = duty.isWriter ? try partners?.checks() ?? [] : []
        return Readiness(checks: [store, keys] + kafka + told + followers + views.checks)
    }

    /// Lets go of the directory.
    func close() async {
        await log.close()
        // What could not be closed goes with the process.
        try? keys.close()
    }

    /// Waits until the planner has worked on everything in the log, and the views show what it did: for commands that end.
    func settle() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let head = try reader.head().position
            if !duty.isWriter || followers.plannerRunner.status.position >= head {
                if try await projections.wait(for: head, atMost: 5_000), try reader.head().position == head { return }
            } else {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        throw Failure(.storage, "the follow-up planner has not caught up within a minute; run: relais followers status --data \(directory.path)")
    }
}

extension Readiness.Check {
    init(_ health: FollowerHealth) {
        self.init(name: "follower:\(health.name)", isReady: health.isReady, lag: health.lag, detail: health.problem)
    }
}

extension LogHealth {
    /// For operators; nil when all is well.
    var words: String? {
        switch self {
        case .accepting: nil
        case .refusing(let since, let reason, let attempts):
            "acknowledges nothing since \(since.rfc3339), tried \(attempts) times to resume: \(reason.message)"
        case .closed(let reason): "is closed: \(reason.message)"
        }
    }
}
