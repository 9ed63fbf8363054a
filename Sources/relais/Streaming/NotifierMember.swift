import EventStore
import Kafka
import Logging
import Notifications
import Pathways
import Streaming
import Timekeeping

/// A notifier among others: takes shares of a territory's people over, and gives them up.
struct NotifierMember: SharedWork.Worker {
    let notifications: NodeNotifications
    let shares: PeopleShares
    let tail: TopicTail
    let logger: Logger

    /// Who had a share before has closed a message only when the log said what became of it. So with the log as it is now, and with what is
    /// left open, nothing is told twice but what was in the air when they died, and that under its id.
    func restore(_ left: [Int32: [KafkaMessage]]) async throws {
        let end = try await tail.end()?.position ?? 0
        while notifications.runner.status.position < end { try await Task.sleep(for: .milliseconds(20)) }
        let now = notifications.time.now()
        for message in left.values.joined() {
            guard let key = message.key, let id = String(validating: key, as: UTF8.self) else { continue }
            do {
                guard case .open(let begun) = try JournalRecord(message: id, bytes: message.value) else { continue }
                try notifications.outbox.resume(begun, at: now)
                // Whoever had it could not say any more that it is through.
                if try notifications.outbox.message(id)?.delivery.state == .settled { await shares.close(begun) }
            } catch let error as CodecError {
                // Its news are told in a message of another id.
                logger.error(
                    "a message that another notifier began cannot be read",
                    metadata: ["place": "\(message.topic)[\(message.partition)]@\(message.offset)", "problem": "\(error.path) \(error.problem)"]
                )
            }
        }
    }

    func grant(_ share: Int32) {
        shares.grant(Int(share))
        notifications.dispatcher.wakeAll()
    }

    /// Somebody at the writer's wants a message tried again that every channel had given up.
    func hear(_ request: KafkaMessage) async {
        guard let key = request.key, let id = String(validating: key, as: UTF8.self) else { return }
        do {
            if try await notifications.retry(id) { return }
            logger.warning("a message that is to be tried again is on its way, or is not known here", metadata: ["message": "\(id)"])
        } catch {
            logger.error("a message could not be tried again", metadata: ["message": "\(id)", "reason": "\(type(of: error))"])
        }
    }

    func release(_ shares: Set<Int32>) async {
        let given = Set(shares.map(Int.init))
        await self.shares.release(given)
        do {
            try notifications.outbox.disband { recipient in self.shares.share(of: recipient).map(given.contains) ?? false }
        } catch {
            logger.error("what was formed for others to tell could not be taken apart", metadata: ["reason": "\(type(of: error))"])
        }
    }
}
