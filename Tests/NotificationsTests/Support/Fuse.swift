import NotificationChannels
import Notifications
import Pathways
import Synchronization
import Timekeeping

/// Ends a process between any two effects: after so many, nothing that goes through it has an effect any more.
final class Fuse: Sendable {
    struct Blown: Error {}

    private let left: Mutex<Int?>

    /// - Parameter effects: nil: it never blows.
    init(_ effects: Int?) { left = Mutex(effects) }

    var isBlown: Bool { left.withLock { $0.map { $0 <= 0 } ?? false } }

    func blow() { left.withLock { $0 = 0 } }

    /// - Throws: `Blown` where nothing has an effect any more.
    func burn() throws {
        let isBlown = left.withLock { left in
            guard let count = left else { return false }
            left = count - 1
            return count <= 0
        }
        if isBlown { throw Blown() }
    }
}

/// An outbox behind a fuse, that knows which news were ended.
struct FusedOutbox: Outbox {
    let outbox: InMemoryOutbox
    let fuse: Fuse
    var ended: @Sendable ([NewsKey]) -> Void = { _ in }

    func take(_ intake: NewsIntake) { outbox.take(intake) }
    func due(at instant: Instant, limit: Int, where isMeant: (String) -> Bool) -> [String] {
        outbox.due(at: instant, limit: limit, where: isMeant)
    }
    func nextLook(where isMeant: (String) -> Bool) -> Instant? { outbox.nextLook(where: isMeant) }
    func disband(where isMeant: (String) -> Bool) { outbox.disband(where: isMeant) }
    func news(_ keys: [NewsKey]) -> [OutboxNews] { outbox.news(keys) }
    func box(of recipient: String, at instant: Instant) -> RecipientBox { outbox.box(of: recipient, at: instant) }
    func box(of recipient: String, at instant: Instant, isWhole: Bool) -> RecipientBox {
        outbox.box(of: recipient, at: instant, isWhole: isWhole)
    }
    func look(at recipient: String, now: Instant) { outbox.look(at: recipient, now: now) }
    func lookAtAll(from now: Instant) { outbox.lookAtAll(from: now) }
    func message(_ id: String) -> OutboxMessage? { outbox.message(id) }
    func messages(for recipient: String, after cursor: Int64, limit: Int) -> [(number: Int64, message: OutboxMessage)] {
        outbox.messages(for: recipient, after: cursor, limit: limit)
    }
    func parked() -> [OutboxMessage] { outbox.parked() }
    func retry(_ message: String, at instant: Instant) -> Bool { outbox.retry(message, at: instant) }
    func missing(_ keys: [NewsKey]) -> [NewsKey] { outbox.missing(keys) }
    func counts(at instant: Instant, of isMeant: (String) -> Bool) -> OutboxCounts { outbox.counts(at: instant, of: isMeant) }
    func prune(before instant: Instant) { outbox.prune(before: instant) }

    func setLook(_ at: Instant?, for recipient: String, asOf revision: Int64) throws {
        try fuse.burn()
        outbox.setLook(at, for: recipient, asOf: revision)
    }

    func form(_ message: OutboxMessage) throws {
        try fuse.burn()
        outbox.form(message)
    }

    func save(_ delivery: Delivery, of message: String) throws -> Delivery? {
        try fuse.burn()
        return outbox.save(delivery, of: message)
    }

    func end(_ keys: [NewsKey], as fate: NewsFate) throws {
        try fuse.burn()
        outbox.end(keys, as: fate)
        ended(keys)
    }
}

struct FusedLedger: Ledger {
    let ledger: MemoryLedger
    let fuse: Fuse

    func recipient(_ rpps: String) -> (recipient: Recipient, territory: TerritoryState) { ledger.recipient(rpps) }

    func record(handOver: MessageHandedOver) async throws {
        try fuse.burn()
        try await ledger.record(handOver: handOver)
    }

    func record(undeliverable: MessageUndeliverable) async throws {
        try fuse.burn()
        try await ledger.record(undeliverable: undeliverable)
    }
}

struct FusedChannel: NotificationChannel {
    let channel: ScriptedChannel
    let fuse: Fuse

    var kind: ChannelName { channel.kind }

    func deliver(_ message: RenderedMessage, to address: String) async -> DeliveryOutcome {
        do { try fuse.burn() } catch { return .later(reason: "timeout", after: nil) }
        return await channel.deliver(message, to: address)
    }
}
