import Pathways
import Timekeeping

/// The events of a recipient's stream, each with every member.
enum RecipientSamples {
    static let message = "00112233445566778899aabbccddeeff"
    private static let items = [
        ToldItem(
            event: "019a8b2c-0000-7000-8000-00000000002b",
            template: "offer-named",
            pathway: String(repeating: "ab", count: 16),
            followUp: "0123456789abcdef0123456789abcdef"
        ),
        ToldItem(event: "019a8b2c-0000-7000-8000-00000000002c", template: "admission-notice"),
    ]
    private static let at = Example.instant("2026-11-16T14:05:00+01:00")

    static let all: [Samples.Sample] = [
        Samples.sample(
            "recipient.channels-set.v1",
            ChannelsSet(
                recipient: Example.nurse,
                channels: [
                    ChannelAddress(kind: .sms, address: "+33639980001"),
                    ChannelAddress(kind: .mssante, address: "claire.essai@infirmier.mssante.example"),
                    ChannelAddress(kind: .webhook, address: "https://cabinet.example/relais"), ChannelAddress(kind: .inapp),
                ],
                quietHours: QuietHours(from: 21 * 60 + 30, to: 6 * 60),
                mutedTemplates: ["admission-notice", "discharge-notice"],
                by: Example.by(Example.nurse)
            ),
            DomainEvent.channelsSet
        ),
        Samples.sample(
            "recipient.message-handed-over.v1",
            MessageHandedOver(
                recipient: Example.nurse,
                message: message,
                channel: .mssante,
                items: items,
                urgency: .urgent,
                reminder: 1,
                attempts: 2,
                receipt: "4bXq1Z0Gz9",
                at: at
            ),
            DomainEvent.messageHandedOver
        ),
        Samples.sample(
            "recipient.message-delivered.v1",
            MessageDelivered(recipient: Example.nurse, message: message, channel: .sms, at: at),
            DomainEvent.messageDelivered
        ),
        Samples.sample(
            "recipient.message-opened.v1",
            MessageOpened(recipient: Example.nurse, message: message, via: .link, channel: .email, at: at),
            DomainEvent.messageOpened
        ),
        Samples.sample(
            "recipient.message-bounced.v1",
            MessageBounced(recipient: Example.nurse, message: message, channel: .mssante, at: at, reason: .unknownAddress, code: "5.1.1"),
            DomainEvent.messageBounced
        ),
        Samples.sample(
            "recipient.message-undeliverable.v1",
            MessageUndeliverable(
                recipient: Example.nurse,
                message: message,
                items: items,
                tried: [.mssante, .sms],
                reason: .expired,
                told: Example.referent,
                at: at
            ),
            DomainEvent.messageUndeliverable
        ),
    ]
}
