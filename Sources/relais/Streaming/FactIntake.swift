import Coordination
import EventStore
import Kafka
import Logging
import Notifications
import Pathways
import Streaming

/// The writer's side of notifiers elsewhere: records what they say became of their messages.
struct FactIntake: Sendable {
    /// The header that names the fact's type.
    static let typeHeader = "ce_type"

    private let ledger: LedgerDesk
    private let outbox: any Outbox
    private let topics: Topics
    private let settings: KafkaSettings
    private let logger: Logger

    init(ledger: LedgerDesk, outbox: any Outbox, topics: Topics, settings: KafkaSettings, logger: Logger) {
        self.ledger = ledger
        self.outbox = outbox
        self.topics = topics
        self.settings = settings
        self.logger = logger
    }

    /// Until it is cancelled. What was recorded and not committed comes again, and is there once.
    func run() async throws {
        // What was formed here while this node told people itself.
        try await Patience.untilDone("the outbox", logger) { try outbox.disband { _ in true } }
        let reader = GroupReader(topic: topics.facts, group: topics.factsGroup, configuration: settings.configuration, logger: logger) { messages in
            try await record(messages)
        }
        try await reader.run()
    }

    /// One person's in order, many people's side by side.
    private func record(_ messages: [KafkaMessage]) async throws {
        var facts: [String: [ToldFact]] = [:]
        for message in messages {
            do {
                let type = message.headers.first { $0.name == Self.typeHeader }?.text ?? ""
                let fact = try ToldFact(type: type, payload: message.value ?? [])
                facts[fact.recipient, default: []].append(fact)
            } catch {
                refuse(message, "\(error.path) \(error.problem)")
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for theirs in facts.values {
                group.addTask {
                    for fact in theirs {
                        do {
                            try await ledger.record(fact)
                        } catch let error where !DispatchTrouble.passes(error) {
                            // It must not hold the others up. Who sent it sends it again as long as the log does not show it.
                            let reason = (error as? Rejection)?.code.rawValue ?? "\(type(of: error))"
                            logger.error("what a notifier says cannot be recorded", metadata: ["type": "\(fact.type)", "reason": "\(reason)"])
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func refuse(_ message: KafkaMessage, _ problem: String) {
        logger.error(
            "a record of a notifier cannot be read and is passed over",
            metadata: ["place": "\(message.topic)[\(message.partition)]@\(message.offset)", "problem": "\(problem)"]
        )
    }
}
