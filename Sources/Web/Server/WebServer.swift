import Coordination
import EventStore
public import Hummingbird
public import Intake
public import Logging
public import Timekeeping

/// Puts the pages and the API together.
public enum WebServer {
    /// Every route of one territory.
    ///
    /// - Parameter operations: for whoever holds the data directory; nil on the network.
    /// - Throws: `TemplateFault` if a template is missing or malformed: found at the start, never by a reader.
    public static func buildRouter(services: WebServices, operations: OperatorServices? = nil) throws -> Router<WebContext> {
        let pages = try PageRenderer()
        let router = surroundedRouter(pages, services.time)
        let api = router.group("/api/v1")
        PathwayRoutes(services).add(to: api)
        PathwayStepRoutes(services).add(to: api)
        FollowUpRoutes(services).add(to: api)
        WhyRoutes(services).add(to: api)
        ProfessionalRoutes(services).add(to: api)
        AbsenceRoutes(services).add(to: api)
        MessageRoutes { await services.intake.receive($0) }.add(to: api)
        FeedStatusRoutes(services).add(to: api)
        QuarantineRoutes(services).add(to: api)
        SiteProfileRoutes(services).add(to: api)
        PublishingRoutes(services).add(to: api)
        LogRoutes(services).add(to: api)
        PatientRoutes(services).add(to: api)
        if let operations { OperatorRoutes(operations).add(to: api) }
        if let erasures = services.erasures { ErasureRoutes(services, erasures).add(to: api) }
        if let notifications = services.notifications {
            NewsFeedRoutes(services, notifications).add(to: api)
            PreferenceRoutes(services, notifications).add(to: api)
            LedgerRoutes(services, notifications).add(to: api)
            if operations != nil { NotificationOperatorRoutes(notifications).add(to: api) }
            NewsLinkRoutes(services, notifications).add(to: router)
            PreferencePageRoutes(services, notifications, pages).add(to: router)
            StoppedPageRoutes(services, notifications, pages).add(to: router)
        }
        if let transparency = services.transparency { WitnessRoutes(transparency).add(to: router) }
        HealthRoutes([TerritorySite(id: services.coordinator.log.identity, name: "", services: services)]).add(to: router)

        AssetRoutes().add(to: router)
        HomePageRoutes(services, pages).add(to: router)
        ToDoPageRoutes(services, pages).add(to: router)
        ReportPageRoutes(services).add(to: router)
        WhyPageRoutes(services, pages).add(to: router)
        PathwayPageRoutes(services, pages).add(to: router)
        return router
    }

    /// What surrounds every route: headers outermost, then the log, then the errors' words, so that an error has headers and a log line like
    /// anything else.
    private static func surroundedRouter(_ pages: PageRenderer, _ time: TimeSource) -> Router<WebContext> {
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: RequestLog(time: time))
        router.add(middleware: ErrorMiddleware(pages: pages))
        router.add(middleware: OriginGuard())
        return router
    }

    /// Several territories behind one address.
    ///
    /// - Parameter receive: takes in a message that names no territory, and finds its own.
    /// - Throws: `TemplateFault`.
    public static func buildDispatch(
        sites: [TerritorySite],
        time: TimeSource,
        receive: @escaping @Sendable ([UInt8]) async -> IntakeReply
    ) throws -> TerritoryDispatch {
        let pages = try PageRenderer()
        let shared = surroundedRouter(pages, time)
        SharedRoutes(sites, pages, receive: receive).add(to: shared)
        let routers = try Dictionary(sites.map { ($0.id, try buildRouter(services: $0.services).buildResponder()) }) { first, _ in first }
        return TerritoryDispatch(sites: routers, shared: shared.buildResponder())
    }

    /// The server, on this machine only.
    ///
    /// - Parameters:
    ///   - host: see `LoopbackOnly`; `/…` or `unix:/…` is a unix socket.
    ///   - port: TCP port; 0 lets the system choose. Without meaning for a unix socket.
    ///   - onRunning: hears the TCP port that is listened on, nil for a unix socket.
    /// - Throws: `LoopbackOnly.Refusal`; `TemplateFault`.
    public static func buildApplication<Responder: HTTPResponder<WebContext>>(
        responder: Responder,
        host: String,
        port: Int,
        logger: Logger,
        onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws -> Application<Responder> {
        try LoopbackOnly.check(host: host)
        let address: BindAddress
        if host.hasPrefix("/") {
            address = .unixDomainSocket(path: host)
        } else if host.hasPrefix("unix:") {
            address = .unixDomainSocket(path: String(host.dropFirst("unix:".count)))
        } else {
            address = .hostname(host, port: port)
        }
        return Application(
            responder: responder,
            server: .http1(configuration: .init(idleTimeout: .seconds(30))),
            configuration: ApplicationConfiguration(address: address, serverName: "relais"),
            onServerRunning: { await onRunning($0.localAddress?.port) },
            logger: logger
        )
    }

    /// The server of one territory.
    public static func buildApplication(
        services: WebServices,
        operations: OperatorServices? = nil,
        host: String,
        port: Int,
        logger: Logger,
        onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
        let responder = try buildRouter(services: services, operations: operations).buildResponder()
        return try buildApplication(responder: responder, host: host, port: port, logger: logger, onRunning: onRunning)
    }
}
