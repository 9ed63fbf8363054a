/// What a recipient's state keeps of one message: whom to believe, whom to ask again. Its instants, receipts and reasons are in the log, for
/// whoever shows them (``MessageRecord``).
public struct ToldMessage: Hashable, Sendable {
    public struct HandOver: Hashable, Sendable {
        public let channel: ChannelKind
        public let reminder: Int
    }

    public let id: String
    /// As they were when the message was first heard of.
    public let items: [ToldItem]
    let marks: MessageMarks

    /// In the order in which they were recorded, each channel and reminder once.
    public var handOvers: [HandOver] { marks.handOvers }

    /// The channels that took it and did not give it back, in the order in which they did.
    public var standing: [ChannelKind] {
        var channels: [ChannelKind] = []
        for channel in handOvers.map(\.channel) where !channels.contains(channel) && !marks.bounced(from: channel) { channels.append(channel) }
        return channels
    }

    public var isOpened: Bool { marks.isOpened }
    public var isUndeliverable: Bool { marks.isUndeliverable }
    /// Whether every channel gave it up, and nothing has come of it since: what may be tried again.
    public var isGivenUp: Bool { stage == .undeliverable }

    public var stage: MessageRecord.Stage {
        MessageRecord.Stage(
            isOpened: marks.isOpened,
            isDelivered: marks.isDelivered,
            isStanding: marks.isStanding,
            isUndeliverable: marks.isUndeliverable
        )
    }
}
