import ArgumentParser
import EventStore
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import Web

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", abstract: "The coordinator: API, pages and MLLP.")

    @OptionGroup var data: DataOption
    @Option(help: "Where to serve pages and API (default 127.0.0.1:8080); loopback only, as long as there are no accounts.")
    var http: Endpoint?
    @Option(help: "Where to take HL7 messages (default 127.0.0.1:2575); loopback only.")
    var mllp: Endpoint?
    @Option(help: ArgumentHelp("A JSON file with the keys relais.http and relais.mllp.", valueName: "FILE"))
    var config: String?

    func run() async throws {
        let settings = try await ServeSettings.read(http: http, mllp: mllp, file: config)
        try await Self.serve(data.node, http: settings.http, mllp: settings.mllp, demoAccounts: []) { _ in [] }
    }

    /// Serves until SIGTERM or SIGINT.
    /// - Parameter more: services beside, given the port that MLLP listens on.
    static func serve(
        _ directory: NodeDirectory,
        http: Endpoint,
        mllp: Endpoint,
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
        let node = try Node.open(directory, logger: logger)
        let mllpPort = PortPromise()
        let web = try WebServer.buildApplication(
            services: node.webServices(demoAccounts: demoAccounts),
            host: http.host,
            port: http.port,
            logger: logger
        ) { port in
            Console.say("HTTP http://\(http.host):\(port ?? http.port)/")
        }
        let listener = node.mllp(mllp) { port in
            Console.say("MLLP \(mllp.host):\(port)")
            mllpPort.fulfil(port)
        }
        var configuration = ServiceGroupConfiguration(
            services: (node.followers + [listener, try node.control(), web] + (try more(mllpPort))).map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(8)
        configuration.maximumCancellationDuration = .seconds(4)
        try await ServiceGroup(configuration: configuration).run()
        await node.log.close()
        unlink(directory.controlSocket)
        Console.say("stopped")
    }
}
