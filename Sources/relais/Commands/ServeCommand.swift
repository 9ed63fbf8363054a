import ArgumentParser
import Coordination
import EventStore
import Foundation
import HL7v2
import Intake
import Logging
import Projections
import ServiceLifecycle
import UnixSignals
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "The coordinator: API, pages and MLLP.")

    @Option(name: .customLong("data"), help: ArgumentHelp("The data directory of a territory; several = several territories.", valueName: "DIR"))
    var directories: [String]
    @Option(help: "Where to serve pages and API (default 127.0.0.1:8080); loopback only, as long as there are no accounts.")
    var http: Endpoint?
    @Option(help: "Where to take HL7 messages (default 127.0.0.1:2575); loopback only.")
    var mllp: Endpoint?
    @OptionGroup var orphanAlarm: OrphanAlarmOption
    @OptionGroup var limits: MLLPLimits
    @OptionGroup var kafka: KafkaOptions
    @Option(help: "With Kafka: answer a sender once the event is durable here (local, the default), or once the brokers have it too (kafka).")
    var ack: KafkaSettings.Acknowledgement?
    @Option(help: ArgumentHelp("A JSON file with the keys relais.http, relais.mllp, relais.orphanAlarmHours, relais.mllp….", valueName: "FILE"))
    var config: String?

    func run() async throws {
        let settings = try await ServeSettings.read(http: http, mllp: mllp, orphanAlarmHours: orphanAlarm.hours, limits: limits, file: config)
        let kafka = try KafkaSettings.read(
            brokers: kafka.brokers,
            file: kafka.file,
            acknowledgement: ack,
            partners: kafka.partners,
            from: try await ServeSettings.reader(config)
        )
        if kafka == nil, ack == .kafka { throw Failure(.usage, "--ack kafka needs Kafka: give --kafka HOST:PORT") }
        try await Self.serve(
            directories.map(NodeDirectory.init(naming:)),
            http: settings.http,
            mllp: settings.limits.configuration(of: settings.mllp),
            routes: settings.feeds,
            orphanAlarmMinutes: settings.orphanAlarmMinutes,
            notifications: settings.notifications,
            kafka: kafka,
            demoAccounts: []
        ) { _ in [] }
    }

    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Parameters:
    ///   - mllp: where the MLLP listener is, and what it puts up with.
    ///   - part: in telling people; nil = as the settings have it.
    ///   - role: of the logs; nil = as they are.
    ///   - isPromotable: whether a copy may become the writer.
    ///   - kafka: how the logs go through Kafka; nil = not at all.
    ///   - more: services beside, given the port that MLLP listens on.
    static func serve(
        _ directories: [NodeDirectory],
        http: Endpoint,
        mllp: MLLPServerConfiguration,
        routes: FeedRoutes = FeedRoutes(),
        orphanAlarmMinutes: Int64 = FeedReader.defaultOrphanAlarmMinutes,
        notifications: NotificationSettings = NotificationSettings(),
        part: NodeDispatch.Part? = nil,
        role: LogRole? = nil,
        isPromotable: Bool = true,
        kafka: KafkaSettings? = nil,
        demoAccounts: [DemoAccount],
        more: (PortPromise) throws -> [any Service]
    ) async throws {
        do {
            try LoopbackOnly.check(host: http.host)
            try LoopbackOnly.check(host: mllp.host)
        } catch {
            throw Failure(.usage, "\(error)")
        }
        var logger = Logger(label: "relais") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .notice
        if notifications.by == .notifiers, kafka == nil {
            throw Failure(.usage, "relais.notifications.by = notifiers needs Kafka, by which they follow: give --kafka HOST:PORT")
        }
        var dispatch = NodeDispatch(settings: notifications, link: "http://\(http.host):\(http.port)")
        dispatch.part = part ?? (notifications.by == .notifiers ? .elsewhere : .alone)
        let house = try await House.open(
            directories,
            routes: routes,
            orphanAlarmMinutes: orphanAlarmMinutes,
            notifications: dispatch,
            role: role,
            isPromotable: isPromotable,
            kafka: kafka,
            logger: logger
        )
        let mllpPort = PortPromise()
        let listener = MLLPService(mllp, intake: house.router, duties: house.nodes.map(\.duty), logger: logger) { port in
            Console.say("MLLP \(mllp.host):\(port)")
            mllpPort.fulfil(port)
        }
        let web = try web(of: house, demoAccounts, http, logger) { [server = listener.server] in server.counters.families }
        var configuration = ServiceGroupConfiguration(
            services: (try house.services() + [listener, web] + (try more(mllpPort))).map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(8)
        configuration.maximumCancellationDuration = .seconds(4)
        try await ServiceGroup(configuration: configuration).run()
        await house.close()
        for directory in directories { unlink(directory.controlSocket) }
        Console.say("stopped")
    }

    /// One territory is served as it is; several behind one address.
    /// - Parameter figures: what is counted of all territories together.
    private static func web(
        of house: House,
        _ accounts: [DemoAccount],
        _ http: Endpoint,
        _ logger: Logger,
        figures: @escaping @Sendable () -> [MetricFamily]
    ) throws -> any Service {
        let announce: @Sendable (Int?) -> Void = { Console.say("HTTP http://\(http.host):\($0 ?? http.port)/") }
        guard let first = house.nodes.first else { throw Failure(.usage, "no data directory is named") }
        guard house.nodes.count > 1 else {
            var services = try first.webServices(demoAccounts: accounts)
            services.processFigures = figures
            return try WebServer.buildApplication(services: services, host: http.host, port: http.port, logger: logger, onRunning: announce)
        }
        let router = house.router
        let sites = try house.sites.map { site in
            var site = site
            site.services.processFigures = figures
            return site
        }
        let dispatch = try WebServer.buildDispatch(sites: sites, time: first.coordinator.time) { await router.receive($0) }
        return try WebServer.buildApplication(responder: dispatch, host: http.host, port: http.port, logger: logger, onRunning: announce)
    }
}
