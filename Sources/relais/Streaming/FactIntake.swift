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

    let ledger: LedgerDesk
    let topics: Topics
    let settings: KafkaSettings
    let logger: Logger

    /// Until it is cancelled. What was recorded and not committed comes again, and is there once.
    func run() async throws {
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
                        } catch let error as Rejection {
                            logger.error("what a notifier says is refused", metadata: ["type": "\(fact.type)", "reason": "\(error.code.rawValue)"])
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
