public import Timekeeping

/// One professional as somebody who is told things, folded from their stream: how they want to be told, and what they were told. The ledger
/// of notifications is this and nothing else; whatever a dispatcher keeps beside it prevents repeats, and may be lost.
///
/// It holds what decisions need, in little memory: somebody is told things for years. All that is known of one message is a fold of its own,
/// for whoever shows it: ``MessageRecord``.
public struct Recipient: Hashable, Sendable {
    /// RPPS.
    public let rpps: String
    /// What they said last of how they want to be told; nil as long as the directory decides.
    public private(set) var preferences: ChannelsSet?
    private var ledger = ToldLedger()

    public init(rpps: String) { self.rpps = rpps }

    public init(rpps: String, folding events: some Sequence<DomainEvent>) {
        self.init(rpps: rpps)
        for event in events { evolve(with: event) }
    }

    // MARK: - What they were told

    public var messageCount: Int { ledger.count }

    /// What it takes in memory, in bytes, roughly: for whoever keeps many of them within bounds.
    public var footprint: Int { 512 + ledger.footprint }

    public func message(_ id: String) -> ToldMessage? { ledger.message(id) }

    /// The latest messages, in the order in which they were first heard of.
    public func latestMessages(_ count: Int) -> [ToldMessage] { ledger.latest(count) }

    /// When a news was handed over last, on any channel, as its telling or a reminder of it.
    public func lastHandOver(of key: NewsKey) -> Instant? { ledger.marks(of: key).compactMap(\.lastHandOver).max() }

    /// Whether a channel took it and did not give it back, or the person saw it.
    public func wasTold(_ key: NewsKey) -> Bool { ledger.marks(of: key).contains(where: \.isTold) }

    /// Whether something of a pathway was told, as one of these templates: a word that takes something back is for whom heard it.
    ///
    /// - Parameter pathway: hex of its stream.
    public func wasTold(of pathway: String, followUp: String? = nil, as templates: Set<String>) -> Bool {
        ledger.marks(of: pathway, followUp: followUp, as: templates).contains(where: \.isTold)
    }

    func marks(of message: String) -> MessageMarks? { ledger.marks(of: message) }

    // MARK: - Preferences

    /// The channels that are tried, in order: their own, else those of the directory. Their own list (`inapp`) holds everything beside them.
    public func channels(in territory: Territory?) -> [ChannelAddress] {
        if let preferences { return preferences.channels }
        return (try? RPPS(rpps)).flatMap { territory?.professional($0) }?.contacts.channels ?? []
    }

    /// When routine news wait: their own hours, else the territory's.
    public func quietTimes(in territory: Territory) -> QuietTimes {
        QuietTimes(
            hours: preferences?.quietHours ?? territory.quietHours,
            holidays: territory.holidays,
            timeZone: territory.timeZone
        )
    }

    /// Whether they want no message about it.
    public func mutes(_ template: String) -> Bool { preferences?.mutedTemplates.contains(template) == true }

    // MARK: - Folding

    /// Takes in what happened; nothing for an event of any other stream. Total: whatever is in the log can be folded, in any order.
    public mutating func evolve(with event: DomainEvent) {
        switch event {
        case .channelsSet(let body): preferences = body
        case .messageHandedOver(let body):
            ledger.note(body.message, body.items) { $0.handOver(to: body.channel, reminder: body.reminder, at: body.at) }
        case .messageDelivered(let body): ledger.note(body.message) { $0.deliver(by: body.channel) }
        case .messageOpened(let body): ledger.note(body.message) { $0.open(via: body.via, body.channel) }
        case .messageBounced(let body): ledger.note(body.message) { $0.bounce(from: body.channel) }
        case .messageUndeliverable(let body): ledger.note(body.message, body.items) { $0.isUndeliverable = true }
        case .streamErased: self = Recipient(rpps: rpps)
        default: break
        }
    }
}
