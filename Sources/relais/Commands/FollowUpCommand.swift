import ArgumentParser
import Foundation

/// What the référent-parcours does with a follow-up from the command line.
struct FollowUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow-up",
        abstract: "What the référent-parcours does with a follow-up.",
        subcommands: [SolicitAgain.self]
    )

    struct SolicitAgain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Has it offered anew: who did not answer is asked again, who declined is not."
        )
        @Argument(help: "The follow-up's id; see: relais todo --json.") var followUp: String
        @Option(help: "The référent-parcours: urn:rpps:….") var actor: String
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            let path = "/api/v1/follow-ups/\(EmitCommand.Step.escape(followUp))/solicit-again"
            let headers = PatientArgument.headers(actor: actor, key: key)
            let answer = try await ControlClient.with(data.node) { client in
                try await client.perform("POST", path, headers: headers)
            }
            try answer.print()
        }
    }
}
