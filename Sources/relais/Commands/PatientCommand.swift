import ArgumentParser
import Foundation
import Pathways

/// What a patient may ask that destroys nothing: to be hidden, to be shown again, to be corrected; and telling two patients apart whom the
/// hospital merged. Each is an event.
struct PatientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patient",
        abstract: "Records a patient's opposition, its lifting, a correction of their identity; takes back a note or a merge.",
        subcommands: [Oppose.self, LiftOpposition.self, Correct.self, Retract.self, Unmerge.self]
    )

    struct Target: ParsableArguments {
        @Option(help: ArgumentHelp("The patient's local number.", valueName: "AUTHORITY/NUMBER")) var patient: String
        @Option(help: "Who records it: urn:rpps:… of the directory.") var actor: String
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?
        @OptionGroup var data: DataOption

        func post(_ path: String, _ body: [String: Any]) async throws {
            var body = body
            body["patient"] = try PatientArgument(patient).json
            let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
            let headers = PatientArgument.headers(actor: actor, key: key)
            let answer = try await ControlClient.with(data.node) { client in
                try await client.perform("POST", "/api/v1/patients/\(path)", headers: headers, body: content)
            }
            try answer.print()
        }
    }

    struct Oppose: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "From now on lists and pages hide who the patient is; nothing is destroyed."
        )
        @OptionGroup var target: Target

        func run() async throws { try await target.post("opposition", [:]) }
    }

    struct LiftOpposition: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The patient takes the opposition back.")
        @OptionGroup var target: Target

        func run() async throws { try await target.post("opposition-lifted", [:]) }
    }

    struct Correct: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Corrects the identity; what the hospital's feed says of these fields counts no more."
        )
        @OptionGroup var target: Target
        @Option(help: "Birth name.") var birthName: String?
        @Option(help: "Used name.") var usedName: String?
        @Option(help: "First given name.") var givenName: String?
        @Option(help: "YYYY-MM-DD.") var birthDate: String?
        @Option(help: "F, M or U.") var sex: String?
        @Option(help: "Telephone number.") var phone: String?
        @Option(help: "Why: \(CorrectionReason.allCases.map(\.rawValue).joined(separator: ", ")).") var reason: CorrectionReason

        func run() async throws {
            let fields = [
                "birthName": birthName, "usedName": usedName, "givenName": givenName, "birthDate": birthDate, "sex": sex, "phone": phone,
            ].compactMapValues(\.self)
            guard !fields.isEmpty else { throw Failure(.usage, "name at least one field to correct") }
            try await target.post("identity-correction", ["corrected": fields, "reason": reason.rawValue])
        }
    }

    struct Unmerge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Two numbers that the hospital merged are two persons after all: each has its own identity and pathways again."
        )
        @OptionGroup var target: Target
        @Option(help: ArgumentHelp("The number that it was merged into.", valueName: "AUTHORITY/NUMBER")) var survivor: String

        func run() async throws { try await target.post("unmerge", ["survivor": try PatientArgument(survivor).json]) }
    }

    struct Retract: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes back a note: lists and pages show that there was one, and why it is gone; the log keeps it."
        )
        @Argument(help: "The id of the event that made the note; see: relais replay --json.") var event: String
        @Option(help: "The pathway's id.") var pathway: String
        @Option(help: "Why: \(RetractionReason.allCases.map(\.rawValue).joined(separator: ", ")).") var reason: RetractionReason
        @Option(help: "Who wrote it, or the référent-parcours: urn:rpps:….") var actor: String
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?
        @OptionGroup var data: DataOption

        func run() async throws {
            let body = try JSONSerialization.data(withJSONObject: ["event": event, "reason": reason.rawValue], options: .sortedKeys)
            let headers = PatientArgument.headers(actor: actor, key: key)
            let path = "/api/v1/pathways/\(EmitCommand.Step.escape(pathway))/retract"
            let answer = try await ControlClient.with(data.node) { client in
                try await client.perform("POST", path, headers: headers, body: body)
            }
            try answer.print()
        }
    }
}
