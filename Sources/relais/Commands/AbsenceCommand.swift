import ArgumentParser
import Foundation
import Timekeeping

/// When a professional is away. Who is away is not asked, and their replacement stands in; what they have in hand stays theirs.
struct AbsenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "absence",
        abstract: "Declares that a professional is away, or back before the declared end.",
        subcommands: [Declare.self, End.self]
    )

    struct Target: ParsableArguments {
        @Option(help: "Who is away: RPPS.") var rpps: String
        @Option(help: "The first instant away, RFC 3339.") var from: Instant
        @Option(help: "Who declares it: urn:rpps:…; whoever is away if absent, else the référent-parcours.") var actor: String?
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?
        @OptionGroup var data: DataOption

        func post(_ path: String, _ members: [String: String?]) async throws {
            var body = members.compactMapValues(\.self)
            body["from"] = from.rfc3339
            let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
            let headers = PatientArgument.headers(actor: actor ?? "urn:rpps:\(rpps)", key: key)
            let answer = try await ControlClient.with(data.node) { [rpps] client in
                try await client.perform("POST", "/api/v1/professionals/\(EmitCommand.Step.escape(rpps))/\(path)", headers: headers, body: content)
            }
            try answer.print()
        }
    }

    struct Declare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From --from until --to nothing is offered to the professional; declared again with the same --from, it says the rest anew."
        )
        @OptionGroup var target: Target
        @Option(help: "The first instant back, RFC 3339.") var to: Instant
        @Option(help: "Who takes their place: RPPS.") var replacement: String?

        func run() async throws { try await target.post("absences", ["to": to.rfc3339, "replacement": replacement]) }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends a declared absence before its time; at or before --from, it is called off."
        )
        @OptionGroup var target: Target
        @Option(help: "The first instant back, RFC 3339; now if absent.") var at: Instant?

        func run() async throws { try await target.post("absences/ended", ["at": at?.rfc3339]) }
    }
}
