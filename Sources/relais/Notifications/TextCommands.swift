import ArgumentParser
import Foundation
import NotificationChannels
import Notifications
import Pathways

/// An invented patient's message, as each channel would get it.
struct PreviewTexts: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "preview", abstract: "The texts that people read, on an invented patient.")

    @Argument(help: "One template; all of them if absent.") var template: String?
    @Option(help: "As this channel gets it: \(ChannelKind.allCases.map(\.rawValue).joined(separator: ", ")).") var channel = ChannelKind.mssante
    @Option(name: .customLong("data"), help: ArgumentHelp("Not needed: the texts are the same everywhere.", valueName: "DIR", visibility: .hidden))
    var directory: String?

    func run() throws {
        let table = try NewsTable.shipped()
        let preview = try TemplatePreview(book: try TemplateBook.shipped(), table: table, settings: try Self.settings())
        if let template, !table.templates.contains(template) {
            throw Failure(.usage, "there is no template \(template); there are: \(table.templates.sorted().joined(separator: ", "))")
        }
        for name in template.map({ [$0] }) ?? table.templates.sorted() {
            let message = try preview.render(template: name, channel: channel)
            print("── \(name) ──")
            print("\(message.subject)\n\n\(message.text)\n")
        }
    }

    static func settings() throws -> RenderingSettings { try RenderingSettings(base: "https://relais.example", domain: "relais.example") }
}

/// Whether anything of a patient could get into an open channel.
struct LintTexts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Renders invented patients' messages on every channel and looks for what may not stand there. Exit status 1: something does."
    )

    @Option(help: "How many messages.") var messages = 10_000
    @Option(help: "The same seed makes the same patients.") var seed: UInt64 = 1

    func validate() throws {
        if !(1...10_000_000).contains(messages) { throw ValidationError("--messages must be 1 to 10000000.") }
    }

    func run() throws {
        let lint = try TemplateLint(book: try TemplateBook.shipped(), table: try NewsTable.shipped(), settings: try PreviewTexts.settings())
        let findings = lint.findings(messages: messages, seed: seed)
        for finding in findings.prefix(50) { print(finding) }
        print("\(messages) messages (seed \(seed)): \(findings.count) findings")
        if !findings.isEmpty { throw ExitCode(Failure.Status.no.rawValue) }
    }
}
