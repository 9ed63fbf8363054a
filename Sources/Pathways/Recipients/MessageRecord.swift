public import Timekeeping

/// All that the log knows of one message to one person: what « ai-je été prévenu ? » is answered from.
public struct MessageRecord: Hashable, Sendable {
    /// How far it got. A later fact never takes an earlier one back: a message may be delivered, and come back all the same.
    public enum Stage: String, Hashable, Sendable, CaseIterable {
        /// Known to a channel.
        case handedOver
        /// At its address.
        case delivered
        case opened
        /// Every channel that had taken it gave it back.
        case bounced
        /// Nothing more is tried.
        case undeliverable
    }

    public struct HandOver: Hashable, Sendable {
        public let channel: ChannelKind
        public let reminder: Int
        public let attempts: Int
        public let receipt: String?
        public let at: Instant
    }

    public let id: String
    public let items: [ToldItem]
    /// Nil of a message that no channel ever took.
    public internal(set) var urgency: News.Urgency?
    /// In the order in which they were recorded, as the lists below.
    public internal(set) var handOvers: [HandOver] = []
    /// One a channel, the first report of each.
    public internal(set) var deliveries: [MessageDelivered] = []
    /// One for each way and channel, the first of each.
    public internal(set) var openings: [MessageOpened] = []
    /// One a channel.
    public internal(set) var bounces: [MessageBounced] = []
    public internal(set) var undeliverable: MessageUndeliverable?

    init(id: String, items: [ToldItem]) {
        self.id = id
        self.items = items
    }

    /// When it was first handed over, on any channel.
    public var handedOverAt: Instant? { handOvers.map(\.at).min() }
    public var deliveredAt: Instant? { deliveries.map(\.at).min() }
    public var openedAt: Instant? { openings.map(\.at).min() }

    /// The channels that took it and did not give it back, in the order in which they did.
    public var standing: [ChannelKind] {
        var channels: [ChannelKind] = []
        for channel in handOvers.map(\.channel) where !channels.contains(channel) && !bounces.contains(where: { $0.channel == channel }) {
            channels.append(channel)
        }
        return channels
    }

    public var stage: Stage {
        if !openings.isEmpty { return .opened }
        if deliveries.contains(where: { standing.contains($0.channel) }) { return .delivered }
        if !standing.isEmpty { return .handedOver }
        return undeliverable == nil ? .bounced : .undeliverable
    }

    func wasHandedOver(to channel: ChannelKind) -> Bool { handOvers.contains { $0.channel == channel } }
}
