import ArgumentParser
import Pathways

struct TerritoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory",
        abstract: "The directory of the territory.",
        subcommands: [Publish.self]
    )

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Validates a territory file, shows what it changes, and puts it in force as an event."
        )

        @Argument(help: "A YAML file; see schemas/territory.schema.json.") var file: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let yaml = try InputFile.text(at: file)
            let parsed = try TerritoryFile.parse(yaml: yaml, file: file)
            let territory = try data.node.settings().territory
            guard parsed.id == territory else {
                throw Failure(.no, "\(file) is of territory \(parsed.id); this data directory is of \(territory)")
            }
            let lines = try await ControlClient.with(data.node) { try await Publication.territory(yaml, through: $0) }
            PublicationReport.show(lines)
        }
    }
}
