public import Pathways
public import Timekeeping

/// One news about a pathway and what became of telling it to one person: from the ledger, so from the log.
public struct LedgerRow: Sendable, Hashable {
    public struct HandOver: Sendable, Hashable {
        public let channel: ChannelKind
        /// 0 for the first telling, 1 and 2 for reminders.
        public let reminder: Int
        public let at: Instant

        public init(channel: ChannelKind, reminder: Int = 0, at: Instant) {
            self.channel = channel
            self.reminder = reminder
            self.at = at
        }
    }

    public struct Return: Sendable, Hashable {
        public let channel: ChannelKind
        public let reason: BounceReason
        public let at: Instant

        public init(channel: ChannelKind, reason: BounceReason, at: Instant) {
            self.channel = channel
            self.reason = reason
            self.at = at
        }
    }

    /// Nothing more was tried.
    public struct Failure: Sendable, Hashable {
        public let reason: UndeliverableReason
        /// RPPS of who was told instead; nil if nobody could be.
        public let told: String?
        public let at: Instant

        public init(reason: UndeliverableReason, told: String?, at: Instant) {
            self.reason = reason
            self.told = told
            self.at = at
        }
    }

    public let message: String
    /// RPPS.
    public let recipient: String
    public let template: String
    /// What it is about, where it is about one follow-up.
    public let followUp: String?
    /// In the order in which they were; none if no channel ever took it.
    public var handOvers: [HandOver]
    public var deliveredAt: Instant?
    public var openedAt: Instant?
    /// When the person did what they were asked for, or anything else about it.
    public var actedAt: Instant?
    public var returns: [Return]
    public var failure: Failure?

    public init(
        message: String,
        recipient: String,
        template: String,
        followUp: String? = nil,
        handOvers: [HandOver] = [],
        deliveredAt: Instant? = nil,
        openedAt: Instant? = nil,
        actedAt: Instant? = nil,
        returns: [Return] = [],
        failure: Failure? = nil
    ) {
        self.message = message
        self.recipient = recipient
        self.template = template
        self.followUp = followUp
        self.handOvers = handOvers
        self.deliveredAt = deliveredAt
        self.openedAt = openedAt
        self.actedAt = actedAt
        self.returns = returns
        self.failure = failure
    }

    /// One news of a message that the ledger knows.
    public init(_ item: ToldItem, in record: MessageRecord, to recipient: String, actedAt: Instant?) {
        self.init(
            message: record.id,
            recipient: recipient,
            template: item.template,
            followUp: item.followUp,
            handOvers: record.handOvers.map { HandOver(channel: $0.channel, reminder: $0.reminder, at: $0.at) },
            deliveredAt: record.deliveredAt,
            openedAt: record.openedAt,
            actedAt: actedAt,
            returns: record.bounces.map { Return(channel: $0.channel, reason: $0.reason, at: $0.at) },
            failure: record.undeliverable.map { Failure(reason: $0.reason, told: $0.told, at: $0.at) }
        )
    }

    /// The hand-overs to channels that did not give it back.
    var standing: [HandOver] { handOvers.filter { handOver in !returns.contains { $0.channel == handOver.channel } } }

    /// When it was first heard of.
    var beginning: Instant { (handOvers.map(\.at) + [failure?.at].compactMap(\.self)).min() ?? Instant(millisecondsSinceEpoch: 0) }
}
