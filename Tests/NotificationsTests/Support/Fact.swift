import Notifications
import Pathways
import Timekeeping

/// Facts as a dispatcher records them.
enum Fact {
    static func handOver(_ message: OutboxMessage, by channel: ChannelKind = .email, at instant: Instant) -> MessageHandedOver {
        MessageHandedOver(
            recipient: message.recipient,
            message: message.id,
            channel: channel,
            items: message.items.map { ToldItem($0) },
            urgency: message.urgency,
            reminder: message.reminder,
            attempts: 1,
            at: instant
        )
    }

    static func handOver(_ id: String, to recipient: String, by channel: ChannelKind = .email, reminder: Int = 0) -> MessageHandedOver {
        MessageHandedOver(
            recipient: recipient,
            message: id,
            channel: channel,
            items: [ToldItem(event: "e-\(id)", template: "offer-named", pathway: "p", followUp: "f")],
            urgency: .routine,
            reminder: reminder,
            attempts: 1,
            at: Sample.start
        )
    }
}
