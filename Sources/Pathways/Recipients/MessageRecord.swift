public import Timekeeping

/// All that the log knows of one message to one person: what « ai-je été prévenu ? » is answered from. Decisions need less, of every message
/// there was: ``Recipient``.
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

        init(isOpened: Bool, isDelivered: Bool, isStanding: Bool, isUndeliverable: Bool) {
            self = isOpened ? .opened : isDelivered ? .delivered : isStanding ? .handedOver : isUndeliverable ? .undeliverable : .bounced
        }
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
    public private(set) var urgency: News.Urgency?
    /// In the order in which they were recorded, as the lists below.
    public private(set) var handOvers: [HandOver] = []
    /// One a channel, the first report of each.
    public private(set) var deliveries: [MessageDelivered] = []
    /// One for each way and channel, the first of each.
    public private(set) var openings: [MessageOpened] = []
    /// One a channel.
    public private(set) var bounces: [MessageBounced] = []
    public private(set) var undeliverable: MessageUndeliverable?

    private init(id: String, items: [ToldItem]) {
        self.id = id
        self.items = items
    }

    /// Nil if none of the events tells of this message, or what did was erased.
    ///
    /// - Parameter events: of its recipient's stream, in their order; those of other messages are passed over.
    public init?(_ id: String, folding events: some Sequence<DomainEvent>) {
        var found: MessageRecord?
        func note(_ message: String, _ items: [ToldItem] = [], _ change: (inout MessageRecord) -> Void) {
            guard message == id else { return }
            var record = found ?? MessageRecord(id: id, items: items)
            change(&record)
            found = record
        }
        for event in events {
            switch event {
            case .messageHandedOver(let body): note(body.message, body.items) { $0.handedOver(body) }
            case .messageDelivered(let body): note(body.message) { $0.deliveries.append(body) }
            case .messageOpened(let body): note(body.message) { $0.openings.append(body) }
            case .messageBounced(let body): note(body.message) { $0.bounces.append(body) }
            case .messageUndeliverable(let body): note(body.message, body.items) { $0.undeliverable = body }
            case .streamErased: found = nil
            default: break
            }
        }
        guard let found else { return nil }
        self = found
    }

    private mutating func handedOver(_ body: MessageHandedOver) {
        urgency = urgency ?? body.urgency
        handOvers.append(HandOver(channel: body.channel, reminder: body.reminder, attempts: body.attempts, receipt: body.receipt, at: body.at))
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
        let standing = standing
        return Stage(
            isOpened: !openings.isEmpty,
            isDelivered: deliveries.contains { standing.contains($0.channel) },
            isStanding: !standing.isEmpty,
            isUndeliverable: undeliverable != nil
        )
    }
}
