import ArgumentParser
import Foundation
import Pathways
import Projections
import Timekeeping

struct QuarantineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Messages that were refused for their content: look at them, put them right, or put them aside.",
        subcommands: [List.self, Show.self, Correct.self, Discard.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Oldest first.")
        @Option(help: "Only these: \(QuarantinedMessage.Status.allCases.map(\.rawValue).joined(separator: ", ")).")
        var status: QuarantinedMessage.Status?
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        private static let page = 500

        func run() async throws {
            let reader = QuarantineReader(views: try await ReadingNode.open(data.node).views)
            var messages: [QuarantinedMessage] = []
            while true {
                let page = try reader.messages(status: status, after: messages.last?.position ?? 0, limit: Self.page)
                messages += page
                if page.count < Self.page { break }
            }
            if json { return try Console.printJSON(messages) }
            if messages.isEmpty { print("nothing is in quarantine") }
            for message in messages {
                let sender = "\(message.application)|\(message.facility)"
                print(
                    Console.visible("\(message.id)  \(message.receivedAt.rfc3339)  \(sender)  \(message.trigger)  \(message.status.rawValue)")
                )
                for fault in message.faults { print("  \(fault)") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A message, field by field, with what is wrong at its place. What says who the patient is, is masked."
        )
        @Argument(help: "Its id; see: relais quarantine list.") var id: String
        @OptionGroup var data: DataOption
        @Flag(help: "One JSON document.") var json = false

        func run() async throws {
            let path = "/api/v1/quarantine/\(EmitCommand.Step.escape(id))"
            let answer = try await ControlClient.with(data.node) { try await $0.perform("GET", path) }
            if json { return try answer.print() }
            QuarantineReport(try answer.decode(QuarantineReport.Document.self)).show()
        }
    }

    /// Who decides, on which message.
    struct Decision: ParsableArguments {
        @Argument(help: "Its id; see: relais quarantine list.") var id: String
        @Option(help: "Who decides: the référent-parcours, as urn:rpps:….") var actor: String
        @Option(help: "Idempotency key; the same key and content twice is done once.") var key: String?
        @OptionGroup var data: DataOption

        func post(_ verb: String, _ body: [String: Any]) async throws {
            let content = try JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
            let headers = PatientArgument.headers(actor: actor, key: key)
            let path = "/api/v1/quarantine/\(EmitCommand.Step.escape(id))/\(verb)"
            let answer = try await ControlClient.with(data.node) { try await $0.perform("POST", path, headers: headers, body: content) }
            try answer.print()
        }
    }

    struct Correct: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads a message again, under the site profile in force and with fields put right; what it says then counts.",
            discussion: "Without --set: a site profile was published since, and is enough. Exit status 1: it still has faults, and they are told."
        )
        @OptionGroup var decision: Decision
        @Option(
            name: .customLong("set"),
            help: ArgumentHelp("A field and what stands there, as PV1-19=V123^^^CH; may be repeated.", valueName: "FIELD=VALUE")
        )
        var corrections: [String] = []

        func run() async throws {
            let corrections = try corrections.map { text in
                guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                    throw Failure(.usage, "a correction is written FIELD=VALUE, as PV1-19=V123^^^CH")
                }
                return ["location": String(text[..<equals]), "value": String(text[text.index(after: equals)...])]
            }
            try await decision.post("repair", ["corrections": corrections])
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Puts a message aside for good; the log keeps it, and who decided.")
        @OptionGroup var decision: Decision
        @Option(help: "Why: \(DiscardReason.allCases.map(\.rawValue).joined(separator: ", ")).") var reason: DiscardReason
        @Option(help: "In your own words.") var note: String?

        func run() async throws {
            var body: [String: Any] = ["reason": reason.rawValue]
            if let note { body["note"] = note }
            try await decision.post("discard", body)
        }
    }
}
