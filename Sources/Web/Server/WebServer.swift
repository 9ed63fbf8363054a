public import Hummingbird
public import Logging

/// Puts the pages and the API together.
public enum WebServer {
    /// Every route, with what surrounds them: headers outermost, then the log, then the errors' words, so that an error has headers and a
    /// log line like anything else.
    ///
    /// - Throws: `TemplateFault` if a template is missing or malformed: found at the start, never by a reader.
    public static func buildRouter(services: WebServices) throws -> Router<WebContext> {
        let pages = try PageRenderer()
        let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.add(middleware: RequestLog(time: services.time))
        router.add(middleware: ErrorMiddleware(pages: pages))
        router.add(middleware: OriginGuard())

        let api = router.group("/api/v1")
        PathwayRoutes(services).add(to: api)
        FollowUpRoutes(services).add(to: api)
        ProfessionalRoutes(services).add(to: api)
        IntakeRoutes(services).add(to: api)
        PublishingRoutes(services).add(to: api)
        LogRoutes(services).add(to: api)
        HealthRoutes(services).add(to: router)

        AssetRoutes().add(to: router)
        HomePageRoutes(services, pages).add(to: router)
        ToDoPageRoutes(services, pages).add(to: router)
        PathwayPageRoutes(services, pages).add(to: router)
        return router
    }

    /// The server, on this machine only.
    ///
    /// - Parameters:
    ///   - host: see `LoopbackOnly`; `/…` or `unix:/…` is a unix socket.
    ///   - port: TCP port; 0 lets the system choose. Without meaning for a unix socket.
    ///   - onRunning: hears the TCP port that is listened on, nil for a unix socket.
    /// - Throws: `LoopbackOnly.Refusal`; `TemplateFault`.
    public static func buildApplication(
        services: WebServices,
        host: String,
        port: Int,
        logger: Logger,
        onRunning: @escaping @Sendable (Int?) async -> Void = { _ in }
    ) throws -> some ApplicationProtocol {
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
            router: try buildRouter(services: services),
            server: .http1(configuration: .init(idleTimeout: .seconds(30))),
            configuration: ApplicationConfiguration(address: address, serverName: "relais"),
            onServerRunning: { await onRunning($0.localAddress?.port) },
            logger: logger
        )
    }
}
