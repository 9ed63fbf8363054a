import Pathways
import Timekeeping

/// What somebody who sees to a person keeps in mind meanwhile.
struct RecipientVisit: Sendable {
    struct Postponed: Sendable {
        let until: Instant
        let destination: Destination?
    }

    /// As the log has it; nil when it may have changed.
    var known: (recipient: Recipient, territory: TerritoryState)?
    /// What the next step is decided by, where it is known without reading it again.
    var foreseen: RecipientBox?
    /// Lanes in which nothing is attempted before an instant.
    var postponed: [Lane: Postponed] = [:]
    private var newest: [String: Instant] = [:]

    /// Of a message that is formed now, when its newest news was recorded.
    mutating func note(_ step: DispatchStep, of box: RecipientBox) {
        guard case .form(let message) = step, message.reminder == 0 else { return }
        let keys = Set(message.items.map(\.key))
        newest[message.id] = box.waiting.filter { keys.contains($0.news.key) }.map(\.recordedAt).max()
    }

    /// When the newest news of a message was recorded; of one that was formed before, when that was.
    func recordedAt(_ message: OutboxMessage) -> Instant { newest[message.id] ?? message.madeAt }
}
