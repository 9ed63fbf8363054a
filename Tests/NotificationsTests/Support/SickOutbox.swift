import Notifications
import Pathways
import Synchronization
import Timekeeping

/// An outbox that cannot be used for some time.
final class SickOutbox: Outbox {
    enum Health: Hashable, Sendable, CaseIterable {
        case well
        /// As a full disk: what is kept can be read.
        case cannotWrite
        case cannotDoAnything
    }

    struct Sick: Error {}

    let health = Mutex(Health.well)
    private let outbox: InMemoryOutbox

    init(_ outbox: InMemoryOutbox) { self.outbox = outbox }

    private func read<Value>(_ body: () -> Value) throws -> Value {
        if health.withLock({ $0 == .cannotDoAnything }) { throw Sick() }
        return body()
    }

    private func write<Value>(_ body: () -> Value) throws -> Value {
        if health.withLock({ $0 != .well }) { throw Sick() }
        return body()
    }

    func take(_ intake: NewsIntake) throws { try write { outbox.take(intake) } }
    func due(at instant: Instant, limit: Int, where isMeant: (String) -> Bool) throws -> [String] {
        try read { outbox.due(at: instant, limit: limit, where: isMeant) }
    }
    func nextLook(where isMeant: (String) -> Bool) throws -> Instant? { try read { outbox.nextLook(where: isMeant) } }
    func box(of recipient: String, at instant: Instant, isWhole: Bool) throws -> RecipientBox {
        try read { outbox.box(of: recipient, at: instant, isWhole: isWhole) }
    }
    func setLook(_ at: Instant?, for recipient: String, asOf revision: Int64) throws {
        try write { outbox.setLook(at, for: recipient, asOf: revision) }
    }
    func look(at recipient: String, now: Instant) throws { try write { outbox.look(at: recipient, now: now) } }
    func lookAtAll(from now: Instant) throws { try write { outbox.lookAtAll(from: now) } }
    func form(_ message: OutboxMessage) throws { try write { outbox.form(message) } }
    func save(_ delivery: Delivery, of message: String) throws -> Delivery? { try write { outbox.save(delivery, of: message) } }
    func end(_ keys: [NewsKey], as fate: NewsFate) throws { try write { outbox.end(keys, as: fate) } }
    func disband(where isMeant: (String) -> Bool) throws { try write { outbox.disband(where: isMeant) } }
    func news(_ keys: [NewsKey]) throws -> [OutboxNews] { try read { outbox.news(keys) } }
    func message(_ id: String) throws -> OutboxMessage? { try read { outbox.message(id) } }
    func messages(for recipient: String, after cursor: Int64, limit: Int) throws -> [(number: Int64, message: OutboxMessage)] {
        try read { outbox.messages(for: recipient, after: cursor, limit: limit) }
    }
    func parked() throws -> [OutboxMessage] { try read { outbox.parked() } }
    func retry(_ message: String, at instant: Instant) throws -> Bool { try write { outbox.retry(message, at: instant) } }
    func missing(_ keys: [NewsKey]) throws -> [NewsKey] { try read { outbox.missing(keys) } }
    func counts(at instant: Instant, of isMeant: (String) -> Bool) throws -> OutboxCounts { try read { outbox.counts(at: instant, of: isMeant) } }
    func prune(before instant: Instant) throws { try write { outbox.prune(before: instant) } }
}
