import ArgumentParser
import Coordination
import EventStore
import Foundation
import Notifications
import Pathways
import Projections
import Timekeeping

/// What is on its way, read beside the server.
struct OutboxStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "What is on its way, parked or forgotten. Exit status 1: something is parked, was brought to nobody, or is going to be told by nobody."
    )

    @OptionGroup var data: DataOption
    @Flag(help: "One JSON document.") var json = false

    private struct Document: Encodable {
        let waiting: Int64
        let pending: Int64
        let unrecorded: Int64
        let parked: Int64
        /// Events whose news could not be made out; see: relais followers parked.
        let parkedEvents: Int
        /// Messages of the last seven days that no channel could bring to anybody, the référent-parcours included; see: relais notifications ledger.
        let undelivered: Int
        /// Events of the log that the notifier has not looked at.
        let behind: Int64
        let difference: Int64
        let oldest: String?
    }

    func run() async throws {
        _ = try data.node.settings()
        let now = TimeSource.system.now()
        let store = try SQLiteReactorStore(readingOnly: data.node.reactors)
        let counts = try SQLiteOutbox(store: store).counts(at: now)
        let undelivered = try Self.undelivered(in: Views(directory: data.node.path), since: now.adding(days: -7))
        let parkedEvents = try store.parked(of: NotifierReactor.name, sequence: nil).count
        let head = try SQLiteEventLog.openReadOnly(directory: data.node.path).head().position
        let behind = max(0, head - (try store.checkpoint(of: NotifierReactor.name).position))
        if json {
            try Console.printJSON(
                Document(
                    waiting: counts.waiting,
                    pending: counts.pending,
                    unrecorded: counts.unrecorded,
                    parked: counts.parked,
                    parkedEvents: parkedEvents,
                    undelivered: undelivered,
                    behind: behind,
                    difference: counts.stranded,
                    oldest: counts.oldest?.rfc3339
                )
            )
        } else {
            print("\(counts.waiting) news wait for a message, \(counts.pending) messages to hand over, \(counts.unrecorded) to record")
            print("\(counts.parked) parked, \(counts.stranded) that nobody is going to tell")
            print("\(behind) events to look at, \(parkedEvents) parked")
            print("\(undelivered) of the last seven days that nobody could be brought, see /notifications/arretees")
            if let oldest = counts.oldest { print("the oldest since \(oldest.rfc3339)") }
        }
        if counts.parked > 0 || counts.stranded > 0 || parkedEvents > 0 || undelivered > 0 { throw ExitCode(Failure.Status.no.rawValue) }
    }
}

extension OutboxStatus {
    /// Those that went no other way: for whom somebody else was told instead is no alarm.
    private static func undelivered(in views: Views, since instant: Instant) throws -> Int {
        Set(try NotificationReader(views: views).undeliverable(since: instant).filter { $0.undeliverable?.told == nil }.map(\.message.id)).count
    }
}

struct ParkedMessages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "parked", abstract: "Messages that wait for somebody to look.")

    @OptionGroup var data: DataOption
    @Flag(help: "One JSON document.") var json = false

    private struct Line: Encodable {
        let message: String
        let recipient: String
        let templates: [String]
        let since: String
        let problem: String
    }

    func run() async throws {
        _ = try data.node.settings()
        let lines = try SQLiteOutbox(store: try SQLiteReactorStore(readingOnly: data.node.reactors)).parked().compactMap { message -> Line? in
            guard case .parked(let problem, let since) = message.delivery.state else { return nil }
            let templates = message.items.map(\.key.template)
            return Line(message: message.id, recipient: message.recipient, templates: templates, since: since.rfc3339, problem: problem)
        }
        if json { return try Console.printJSON(lines) }
        if lines.isEmpty { print("nothing is parked") }
        for line in lines {
            print("\(line.message): to \(line.recipient), \(line.templates.joined(separator: " ")), since \(line.since): \(line.problem)")
        }
    }
}

struct RetryMessage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Tries a message that is parked, or was given up, from its first channel on. Exit status 1: there is none of this id."
    )

    @Argument(help: "The message's id; see: relais notifications parked.") var message: String
    @OptionGroup var data: DataOption

    func run() async throws {
        guard message.utf8.count == 32, message.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else {
            throw Failure(.usage, "a message's id has 32 hexadecimal digits")
        }
        let answer = try await ControlClient.with(data.node) { [message] client in
            try await client.perform("POST", "/api/v1/operations/notifications/\(message)/retry")
        }
        try answer.print()
    }
}

struct WebhookSecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook-secret",
        abstract: "The secret by which the software behind an address checks our signatures (Standard Webhooks)."
    )

    @Argument(help: "The address, exactly as the directory or the person has it.") var address: String
    @OptionGroup var data: DataOption

    func run() throws {
        _ = try data.node.settings()
        guard let address = WebhookAddress.normalised(address) else {
            throw Failure(.usage, "a webhook's address begins with https://, or with http:// on this machine itself")
        }
        print(WebhookSecrets(seed: try data.node.webhookSeed()).text(for: address))
    }
}
