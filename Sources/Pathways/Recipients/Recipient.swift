/// One professional as somebody who is told things, folded from their stream: how they want to be told, and what they were told. The ledger
/// of notifications is this and nothing else; whatever a dispatcher keeps beside it prevents repeats, and may be lost.
public struct Recipient: Hashable, Sendable {
    /// RPPS.
    public let rpps: String
    /// What they said last of how they want to be told; nil as long as the directory decides.
    public private(set) var preferences: ChannelsSet?
    /// In the order in which they were first heard of.
    public private(set) var messages: [MessageRecord] = []
    private var indexes: [String: Int] = [:]
    private var messagesOfKey: [NewsKey: [Int]] = [:]
    private var messagesOfPathway: [String: [Int]] = [:]

    public init(rpps: String) { self.rpps = rpps }

    public init(rpps: String, folding events: some Sequence<DomainEvent>) {
        self.init(rpps: rpps)
        for event in events { evolve(with: event) }
    }

    public func message(_ id: String) -> MessageRecord? { indexes[id].map { messages[$0] } }

    /// Every message that told a news, in the order in which they were first heard of.
    public func messages(of key: NewsKey) -> [MessageRecord] { (messagesOfKey[key] ?? []).map { messages[$0] } }

    /// Every message that told something of a pathway, in the order in which they were first heard of.
    ///
    /// - Parameter pathway: hex of its stream.
    public func messages(of pathway: String) -> [MessageRecord] { (messagesOfPathway[pathway] ?? []).map { messages[$0] } }

    /// Whether a channel took it and did not give it back, or the person saw it.
    public func wasTold(_ key: NewsKey) -> Bool { messages(of: key).contains { !$0.standing.isEmpty || !$0.openings.isEmpty } }

    /// Whether something of a pathway was told, as one of these templates: a word that takes something back is for whom heard it.
    public func wasTold(of pathway: String, followUp: String? = nil, as templates: Set<String>) -> Bool {
        messages(of: pathway).contains { message in
            (!message.standing.isEmpty || !message.openings.isEmpty)
                && message.items.contains {
                    $0.pathway == pathway && templates.contains($0.template) && (followUp == nil || $0.followUp == followUp)
                }
        }
    }

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
            update(body.message, body.items) { message in
                message.urgency = message.urgency ?? body.urgency
                message.handOvers.append(
                    MessageRecord.HandOver(
                        channel: body.channel,
                        reminder: body.reminder,
                        attempts: body.attempts,
                        receipt: body.receipt,
                        at: body.at
                    )
                )
            }
        case .messageDelivered(let body): update(body.message) { $0.deliveries.append(body) }
        case .messageOpened(let body): update(body.message) { $0.openings.append(body) }
        case .messageBounced(let body): update(body.message) { $0.bounces.append(body) }
        case .messageUndeliverable(let body): update(body.message, body.items) { $0.undeliverable = body }
        case .streamErased: self = Recipient(rpps: rpps)
        default: break
        }
    }

    private mutating func update(_ id: String, _ items: [ToldItem] = [], _ change: (inout MessageRecord) -> Void) {
        if let index = indexes[id] {
            change(&messages[index])
            return
        }
        let index = messages.count
        indexes[id] = index
        messages.append(MessageRecord(id: id, items: items))
        for item in items { messagesOfKey[item.key(for: rpps), default: []].append(index) }
        for pathway in Set(items.compactMap(\.pathway)) { messagesOfPathway[pathway, default: []].append(index) }
        change(&messages[index])
    }
}
