import ArgumentParser
import Foundation
import HL7v2
import Pathways
import Timekeeping
import Web

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serves the demo territory, fed by a simulated hospital over MLLP."
    )

    @Option(name: .customLong("data"), help: ArgumentHelp("Keep the demo here; a new temporary directory if absent.", valueName: "DIR"))
    var directory: String?
    @Option(help: "Where to serve pages and API.")
    var http = Endpoint(host: "127.0.0.1", port: 8080)
    @Option(help: "Where the simulated hospital sends its messages.")
    var mllp = Endpoint(host: "127.0.0.1", port: 2575)
    @Option(help: "Simulated time: 60 = an hour a minute.")
    var speed: Double = 60
    @Option(help: "The same seed tells the same stays.")
    var seed: UInt64 = 20_261_122

    func validate() throws {
        if !(speed > 0 && speed.isFinite) { throw ValidationError("--speed must be a positive number.") }
    }

    func run() async throws {
        let path = directory ?? "\(NSTemporaryDirectory())relais-demo-\(ProcessInfo.processInfo.processIdentifier)"
        let node = NodeDirectory(naming: path)
        if !node.isInitialised {
            try await InitCommand.initialise(node, yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml", environment: .test)
        }
        let territory = try TerritoryFile.parse(yaml: BundledFiles.demoTerritory, file: "demo-territory.yaml")
        guard let hospital = territory.hospitals.first(where: { !$0.senders.isEmpty }) else {
            throw Failure(.usage, "the demo territory names no hospital that sends messages")
        }
        let accounts = Self.accounts(of: territory)
        Self.welcome(accounts, http: http, path: path)
        let (speed, seed) = (speed, seed)
        // Nobody is behind the addresses of the demonstration: what would go out is written to files.
        var notifications = NotificationSettings()
        notifications.sandbox = "\(node.path)/sandbox"
        try FileManager.default.createDirectory(atPath: "\(node.path)/sandbox", withIntermediateDirectories: true)
        try await ServeCommand.serve(
            [node],
            http: http,
            mllp: .init(host: mllp.host, port: mllp.port),
            notifications: notifications,
            demoAccounts: accounts
        ) { port in
            [SimulatedHospital(territory: territory, hospital: hospital, speed: speed, port: port, time: .system, seed: seed)]
        }
    }

    /// One of each trade, where most people live.
    private static func accounts(of territory: Territory) -> [DemoAccount] {
        let centre = territory.communes.max { $0.population < $1.population }
        var accounts = [DemoAccount(rpps: territory.referent.rpps.value, name: territory.referent.name, role: .referent)]
        for role in [CareRole.nurse, .attendingGP, .pharmacist, .dischargingUnit] {
            let there = territory.professionals.filter { professional in
                professional.role == role && (role == .dischargingUnit || centre.map { professional.communes.contains($0.code) } ?? true)
            }
            for professional in there.prefix(role == .nurse ? 2 : 1) {
                accounts.append(DemoAccount(rpps: professional.rpps.value, name: "\(professional.given) \(professional.family)", role: role))
            }
        }
        return accounts
    }

    private static func welcome(_ accounts: [DemoAccount], http: Endpoint, path: String) {
        let list = accounts.map { "  \($0.rpps)  \($0.name), \($0.role.frenchName)" }.joined(separator: "\n")
        let nurse = accounts.first { $0.role == .nurse }?.rpps ?? ""
        Console.say(
            """

            Relais, demonstration on the territory of CPTS Loire Vendée Océan (communes are real, everybody else is fictional).

            Open      http://\(http.host):\(http.port)/
            Data      \(path)
            Messages  \(path)/sandbox (what people would be sent, a file each)

            Accounts (no password yet; choose one on the page):
            \(list)

            Try next, in another terminal:
              relais todo --rpps \(nurse) --data \(path)
              relais feed status --data \(path)
              relais verify --data \(path)
              On the page: accept a follow-up as a nurse, then see it leave the other nurses' lists.

            Ctrl-C stops it. The simulated hospital begins to send now.

            """
        )
    }
}
