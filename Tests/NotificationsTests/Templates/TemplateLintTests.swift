import Foundation
import NotificationChannels
import Notifications
import Pathways
import Testing

struct TemplateLintTests {
    private static func lint(_ rendering: TemplateLint.Rendering? = nil) throws -> TemplateLint {
        let settings = try RenderingSettings(base: "https://relais.cpts-loire-vendee-ocean.example", domain: "relais.example")
        guard let rendering else { return try TemplateLint(book: .shipped(), table: .shipped(), settings: settings) }
        return try TemplateLint(book: .shipped(), table: .shipped(), settings: settings, rendering: rendering)
    }

    /// RELAIS_LINT_MESSAGES=10000 for all that a release is held to.
    @Test func generatedMessagesTellNothingThatTheyMustNot() throws {
        let count = ProcessInfo.processInfo.environment["RELAIS_LINT_MESSAGES"].flatMap(Int.init) ?? 200
        let findings = try Self.lint().findings(messages: count)
        #expect(findings.isEmpty, "\(findings.prefix(20).map(\.description).joined(separator: "\n"))")
    }

    /// Renders as usual, then spoils it.
    private struct Leaky: MessageRenderer {
        let renderer: LogRenderer
        let past: any LogPast
        let spoil: @Sendable (inout RenderedMessage, ChannelKind, PathwayPast, PatientIdentity?) -> Void

        func render(_ message: OutboxMessage, for channel: ChannelKind) throws -> RenderedMessage? {
            guard var rendered = try renderer.render(message, for: channel), let stream = message.items.first?.pathway,
                let pathway = try past.pathway(stream, at: message.position, telling: message.items.first),
                let patient = pathway.pathway.reference?.patientStream
            else { return nil }
            spoil(&rendered, channel, pathway, try past.patient(patient, at: message.position).identity)
            return rendered
        }
    }

    @Test(arguments: [
        ("name", LintFinding.Problem.tellsIdentity), ("initial", .tellsIdentity), ("care", .leak), ("subject", .tellsIdentity),
        ("gap", .gap),
        ("long", .smsLength), ("accent", .smsAlphabet), ("space", .typography), ("link", .header), ("key", .header), ("word", .openText),
    ])
    func aRendererThatSpoilsItsMessagesIsCaught(_ fault: String, _ problem: LintFinding.Problem) throws {
        let lint = try Self.lint { past, book, settings in
            Leaky(renderer: LogRenderer(past: past, book: book, settings: settings), past: past) { message, channel, pathway, identity in
                switch fault {
                case "name": message.text = "\(identity?.birthFamilyName ?? ""), \(message.text)"
                case "initial": message.text = "\(identity?.givenName?.prefix(1) ?? "") \(message.text)"
                case "care": message.text += pathway.pathway.followUps.first?.plan.title ?? ""
                case "subject" where channel == .mssante: message.subject += " \(identity?.birthFamilyName ?? "")"
                case "gap": message.text += " {care}"
                case "long": message.text += String(repeating: " vous", count: 20)
                case "accent": message.text += " ê"
                case "space": message.text += " : "
                case "link": message.link = "https://elsewhere.example"
                case "key": message.keys = ["offer-named"]
                case "word": message.text += " Challans"
                default: break
                }
            }
        }
        let findings = lint.findings(messages: 20)
        #expect(findings.contains { $0.problem == problem })
    }

    @Test func theSameSeedGivesTheSameFindings() throws {
        let lint = try Self.lint { past, book, settings in
            Leaky(renderer: LogRenderer(past: past, book: book, settings: settings), past: past) { message, _, _, identity in
                message.text += identity?.birthFamilyName ?? ""
            }
        }
        #expect(lint.findings(messages: 10, seed: 7) == lint.findings(messages: 10, seed: 7))
        #expect(!lint.findings(messages: 10, seed: 7).isEmpty)
    }
}
