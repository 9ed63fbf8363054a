import ArgumentParser
import Pathways

struct ProtocolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "protocols",
        abstract: "Follow-up protocols.",
        subcommands: [Publish.self]
    )

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Validates a follow-up protocol, shows what it changes, and puts it in force as an event."
        )

        @Argument(help: "A YAML file; see schemas/protocol.schema.json.") var file: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let yaml = try InputFile.text(at: file)
            let id = try ProtocolFile.parse(yaml: yaml, file: file).id
            let lines = try await ControlClient.with(data.node) { try await Publication.followUpProtocol(yaml, id: id, through: $0) }
            PublicationReport.show(lines)
        }
    }
}
