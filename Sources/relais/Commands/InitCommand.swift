import ArgumentParser
import Coordination
import EventStore
import Foundation
import Pathways

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Makes a data directory: secrets, log, territory and the protocols that the product ships."
    )

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("The territory file; without one, the demo territory.", valueName: "FILE"))
    var territory: String?

    @Option(help: "test takes MSH-11 T and D and test INS; production takes P and real ones.")
    var environment: DeploymentEnvironment = .test

    @Option(
        help: ArgumentHelp("Where the master key is: file:PATH, environment:NAME or command:COMMAND LINE; else one is made here.", valueName: "PLACE")
    )
    var masterKey: String?

    func run() async throws {
        let yaml = try territory.map(InputFile.text(at:)) ?? BundledFiles.demoTerritory
        let file = territory ?? "demo-territory.yaml"
        try await Self.initialise(data.node, yaml: yaml, file: file, environment: environment, masterKey: masterKey)
        Console.say("\(data.directory) is ready. Next: relais serve --data \(data.directory)")
    }

    /// - Throws: `FileErrors` before anything is made, if the territory file has faults.
    static func initialise(
        _ directory: NodeDirectory,
        yaml: String,
        file: String,
        environment: DeploymentEnvironment,
        masterKey: String? = nil
    ) async throws {
        let parsed = try TerritoryFile.parse(yaml: yaml, file: file)
        let settings = NodeDirectory.Settings(territory: parsed.id, environment: environment.rawValue, masterKey: masterKey)
        // Asked for before anything is made: a key that cannot be had later is found out now.
        if masterKey != nil { _ = try MasterKeyPlace(directory).load(settings) }
        // One that was broken off before anything was recorded is gone on with.
        let isEmpty = (try? SQLiteEventLog.openReadOnly(directory: directory.path).head().position == 0) ?? false
        if !(directory.isInitialised && isEmpty) { try directory.create(settings) }
        try await ControlClient.with(directory) { client in
            try await Publication.territory(yaml, through: client)
            for shipped in BundledFiles.protocols {
                let id = try ProtocolFile.parse(yaml: shipped.yaml, file: shipped.name).id
                try await Publication.followUpProtocol(shipped.yaml, id: id, through: client)
            }
        }
    }
}
