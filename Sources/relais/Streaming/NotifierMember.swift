import EventStore
import Kafka
import Logging
import Notifications
import Pathways
import Streaming
import Timekeeping

/// A notifier among others: takes shares of a territory's people over, and gives them up.
struct NotifierMember: SharedWork.Worker {
    /// Less than the outbox keeps what is through: what is older it could not recognise.
    private static let daysKept: Int64 = 21

    let notifications: NodeNotifications
    let sharing: NodeSharing
    let tail: TopicTail
    let logger: Logger

    /// Waits until the copy, and what is made of it, have the log as it is now.
    func catchUp() async throws {
        let end = try await tail.end()?.position ?? 0
        while notifications.runner.status.position < end { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Who had a share before has closed a message only when the log said what became of it. So with the log as it is now, and with what is
    /// left open, nothing is told twice but what was in the air when they died, and that under its id.
    func restore(_ left: [Int32: [KafkaMessage]]) async throws {
        guard left.keys.allSatisfy({ Int($0) < sharing.shares.count }) else {
            throw StreamingError(
                .topicSettings,
                "\(sharing.topics.outbox) has more partitions than when this node began, and who tells whom depends on them: end all notifiers, "
                    + "then start them."
            )
        }
        try await catchUp()
        for message in left.values.joined() {
            if message.headers.contains(where: { $0.name == SharedWork.requestHeader }) {
                await hear(message)
            } else {
                try await resume(message)
            }
        }
    }

    private func resume(_ message: KafkaMessage) async throws {
        guard let key = message.key, let id = String(validating: key, as: UTF8.self) else { return }
        do {
            guard case .open(let begun) = try JournalRecord(message: id, bytes: message.value) else { return }
            let now = notifications.time.now()
            let isOld = (begun.delivery.since ?? begun.madeAt) < now.adding(days: -Self.daysKept)
            if !isOld {
                let isGivenUp = try notifications.ledger.recipient(begun.recipient).recipient.message(id)?.isGivenUp ?? false
                try notifications.outbox.resume(begun, isGivenUp: isGivenUp, at: now)
            }
            // Whoever had it could not say any more that it is through.
            if try isOld || notifications.outbox.message(id)?.delivery.state == .settled { await sharing.shares.close(begun) }
        } catch let error as CodecError {
            // Its news are told in a message of another id.
            logger.error(
                "a message that another notifier began cannot be read",
                metadata: ["place": "\(message.topic)[\(message.partition)]@\(message.offset)", "problem": "\(error.path) \(error.problem)"]
            )
        }
    }

    func grant(_ share: Int32) {
        sharing.shares.grant(Int(share))
        notifications.dispatcher.wakeAll()
    }

    /// Somebody at another node wants a message tried again that stopped.
    func hear(_ request: KafkaMessage) async {
        guard let key = request.key, let name = String(validating: key, as: UTF8.self), let bytes = request.value else { return }
        let id = String(name.split(separator: "/").last ?? "")
        do {
            if case .open(let message) = try JournalRecord(message: id, bytes: bytes), try await notifications.retry(message.id) {
                // Known to whoever comes after this node.
                if let tried = try notifications.outbox.message(message.id) { await sharing.shares.remember(tried) }
            } else {
                logger.warning("a message that is to be tried again is on its way, or is not known here", metadata: ["message": "\(id)"])
            }
        } catch {
            logger.error("a message could not be tried again", metadata: ["message": "\(id)", "reason": "\(type(of: error))"])
        }
        await sharing.forget(name, in: request.partition)
    }

    func release(_ shares: Set<Int32>) async {
        let given = Set(shares.map(Int.init))
        await sharing.shares.release(given)
        do {
            try notifications.outbox.disband { recipient in sharing.shares.share(of: recipient).map(given.contains) ?? false }
        } catch {
            logger.error("what was formed for others to tell could not be taken apart", metadata: ["reason": "\(type(of: error))"])
        }
    }
}
