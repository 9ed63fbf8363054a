import Coordination
import EventStore
import HL7v2
import Intake
import Logging
import Pathways
import Projections
import ServiceLifecycle
import Timekeeping
import Web

/// The territories that one process serves: a node each, one router for what hospitals send, and the hand-over between them.
struct House: Sendable {
    let nodes: [Node]
    let router: TerritoryRouter
    private let handOvers: [(follower: HandOverFollower, runner: FollowerRunner, store: HandOverStore)]
    private let logger: Logger

    /// Opens every directory, or none.
    ///
    /// - Parameters:
    ///   - routes: which territories the feed of a sender may concern.
    ///   - role: of the logs; nil = as they are.
    ///   - isPromotable: whether a copy may become the writer.
    ///   - kafka: how the logs go through Kafka; nil = not at all.
    static func open(
        _ directories: [NodeDirectory],
        routes: FeedRoutes = FeedRoutes(),
        orphanAlarmMinutes: Int64 = FeedReader.defaultOrphanAlarmMinutes,
        notifications: NodeDispatch,
        role: LogRole? = nil,
        isPromotable: Bool = true,
        kafka: KafkaSettings? = nil,
        logger: Logger
    ) async throws -> House {
        var nodes: [Node] = []
        do {
            for directory in directories {
                let streaming: NodeStreaming? =
                    switch (kafka, role) {
                    case (nil, _): nil
                    case (let kafka?, .replica): try await .copying(directory, kafka, isPromotable: isPromotable, time: .system, logger: logger)
                    case (let kafka?, _): try await .writing(directory, kafka, time: .system, logger: logger)
                    }
                let node = try Node.open(
                    directory,
                    role: role,
                    streaming: streaming,
                    orphanAlarmMinutes: orphanAlarmMinutes,
                    notifications: notifications,
                    logger: logger
                )
                nodes.append(node)
            }
            return try House(nodes, routes, logger)
        } catch {
            for node in nodes { await node.close() }
            throw error
        }
    }

    private init(_ nodes: [Node], _ routes: FeedRoutes, _ logger: Logger) throws {
        self.nodes = nodes
        self.logger = logger
        let intakes = nodes.map { TerritoryIntake(id: $0.territory, intake: $0.intake) }
        do {
            router = try TerritoryRouter(intakes, routes: routes, logger: logger)
        } catch {
            throw Failure(.usage, "\(error)")
        }
        let served = intakes.map(\.served)
        let handOver = HandOver(served, routes: routes)
        // One territory has nobody to hand over to.
        handOvers =
            nodes.count > 1
            ? try zip(served, nodes).map { territory, node in
                let store = try HandOverStore(path: node.directory.reactors) { node.logger.warning("\($0)") }
                let follower = HandOverFollower(territory, handOver: handOver, store: store)
                return (follower, FollowerRunner(follower, of: node.reader), store)
            } : []
    }

    var sites: [TerritorySite] {
        get throws {
            try nodes.enumerated().map { index, node in
                let name = try node.coordinator.loader.territory(node.coordinator.streams.territory).state.territory?.name
                var services = try node.webServices()
                if handOvers.indices.contains(index) {
                    let (readiness, handOver, log) = (services.readiness, handOvers[index], node.reader)
                    services.readiness = {
                        let waiting = Int64(try handOver.store.waiting().count)
                        let report = FollowerReport(status: handOver.runner.status, parked: waiting, reportedAt: node.coordinator.time.now())
                        let health = try FollowerHealth.evaluate([report], expecting: [:], log: log, now: node.coordinator.time.now())
                        return Readiness(checks: try readiness().checks + health.map(Readiness.Check.init))
                    }
                }
                return TerritorySite(id: node.territory, name: name ?? node.territory, services: services)
            }
        }
    }

    /// What follows the logs, and the control sockets. First in the group, so last to stop.
    func services() throws -> [any Service] {
        try nodes.flatMap { $0.streamingServices + $0.followerServices + $0.dispatchServices }
            + zip(nodes, handOvers).flatMap { node, handOver -> [any Service] in
                let (follower, runner) = (handOver.follower, handOver.runner)
                return [
                    BackgroundService(name: "hand-over", logger: logger) { try await runner.run() },
                    BackgroundService(name: "hand-over-retry") { [logger] in
                        await follower.retry(pause: { try await Task.sleep(for: .seconds(5)) }) { error in
                            logger.error("hand-over failed, trying again", metadata: ["reason": "\(type(of: error))"])
                        }
                    },
                ]
            }
            + nodes.flatMap { try $0.partnerServices() }
            + nodes.map { try $0.control() }
    }

    func close() async {
        for node in nodes { await node.close() }
    }
}
