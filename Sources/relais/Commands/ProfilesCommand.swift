import ArgumentParser
import Pathways

struct ProfilesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Site profiles: how some senders depart from the rules of PAM France.",
        subcommands: [Publish.self, List.self]
    )

    struct Publish: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Validates a site profile, shows what it changes, and puts it in force as an event.",
            discussion: "It counts for the messages that come after it, and for those of the quarantine that are repaired after it."
        )

        @Argument(help: "A YAML file; see schemas/site-profile.schema.json.") var file: String
        @OptionGroup var data: DataOption

        func run() async throws {
            let yaml = try InputFile.text(at: file)
            let id = try SiteProfileFile.parse(yaml: yaml, file: file).id
            let lines = try await ControlClient.with(data.node) { try await Publication.siteProfile(yaml, id: id, through: $0) }
            PublicationReport.show(lines)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The profiles in force, and for whom.")
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private struct Document: Codable, Sendable {
            struct Profile: Codable, Sendable {
                struct Sender: Codable, Sendable {
                    let application: String?
                    let facility: String?
                }

                let id: String
                let version: Int
                let digest: String
                let senders: [Sender]
            }

            /// Absent where there are none.
            let profiles: [Profile]?
        }

        func run() async throws {
            let answer = try await ControlClient.with(data.node) { try await $0.perform("GET", "/api/v1/site-profiles") }
            let profiles = try answer.decode(Document.self).profiles ?? []
            if json { return try Console.printJSON(Document(profiles: profiles)) }
            if profiles.isEmpty { print("no site profile is published: every sender is read strictly") }
            for profile in profiles {
                let senders = profile.senders.map { "\($0.application ?? "*")|\($0.facility ?? "*")" }.joined(separator: ", ")
                print("\(profile.id) version \(profile.version): \(senders)")
            }
        }
    }
}
