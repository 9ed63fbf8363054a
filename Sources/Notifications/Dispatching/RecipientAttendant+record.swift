import Logging
import Pathways
import Timekeeping

extension RecipientAttendant {
    /// Tells the log what became of a message. Told twice, it is there once.
    func record(_ message: OutboxMessage, _ territory: TerritoryState) async throws {
        let items = message.items.map { ToldItem($0) }
        let ledger = self.ledger
        switch message.delivery.state {
        case .handedOver(let channel, let receipt, let at):
            let fact = MessageHandedOver(
                recipient: message.recipient,
                message: message.id,
                channel: channel,
                items: items,
                urgency: message.urgency,
                reminder: message.reminder,
                attempts: max(1, message.delivery.attempts),
                receipt: receipt,
                at: at
            )
            // Not broken off half-way when all is to end.
            try await Task { try await ledger.record(handOver: fact) }.value
        case .failed(let reason, let at):
            let referent = territory.territory?.referent.rpps.value
            let fact = MessageUndeliverable(
                recipient: message.recipient,
                message: message.id,
                items: items,
                tried: message.delivery.tried,
                reason: reason,
                told: referent == message.recipient ? nil : referent,
                at: at
            )
            try await Task { try await ledger.record(undeliverable: fact) }.value
            figures.gaveUp(reason)
            if fact.told == nil {
                // Nobody is left to be told instead.
                logger.error("nobody could be told: look at the channels, then try it again", metadata: ["message": "\(message.id)"])
            }
        case .waiting, .settled, .cancelled, .parked: return
        }
        var settled = message.delivery
        settled.state = .settled
        try outbox.save(settled, of: message.id)
        await share.close(message)
    }
}
