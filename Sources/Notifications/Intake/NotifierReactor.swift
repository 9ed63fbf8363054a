public import Coordination
public import EventStore
public import Pathways

/// Takes what the log says into the outbox: whom it is news for, and which earlier news are none any more. The same event leaves the same there,
/// however often it comes.
public struct NotifierReactor: Reactor {
    public static let name = "notifier"

    public var name: String { Self.name }

    private let maker: NewsMaker
    private let outbox: any Outbox
    private let loader: StateLoader
    private let taken: @Sendable (_ urgent: Set<String>) -> Void
    private let signs: FactSigns?

    /// - Parameters:
    ///   - reader: of its own.
    ///   - signs: of facts about messages, where several nodes share the work: what others told is taken in then too. Nil where this one tells
    ///     everybody.
    ///   - taken: is told that there is something new, and who got urgent news (RPPS).
    public init(
        coordinator: Coordinator,
        reader: HappeningReader,
        table: NewsTable,
        ledger: any Ledger,
        outbox: any Outbox,
        signs: FactSigns? = nil,
        taken: @escaping @Sendable (_ urgent: Set<String>) -> Void = { _ in }
    ) {
        self.taken = taken
        self.signs = signs
        // Facts are taken in one by one: what was told is known by them, with what is to be reminded of.
        maker = NewsMaker(reader: reader, table: table, ledger: ledger, asksLedger: signs == nil)
        self.outbox = outbox
        loader = coordinator.loader
    }

    /// Wishes are no news, but whoever waits for their morning may want it now.
    public func concerns(_ event: RecordedEvent) -> Bool {
        event.type == ChannelsSet.type || maker.table.concerns(type: event.type) || signs != nil && Self.facts.contains(event.type)
    }

    private static let facts: Set<String> = [MessageHandedOver.type, MessageUndeliverable.type, MessageBounced.type]

    public func react(to event: RecordedEvent, in context: EffectContext) async throws {
        do {
            if event.type == ChannelsSet.type {
                guard case .channelsSet(let wishes) = try loader.decode(event) else { return }
                try outbox.look(at: wishes.recipient, now: context.now)
                return taken([])
            }
            // One that could not be delivered is a news to somebody else too.
            if let signs, Self.facts.contains(event.type) { try adopt(event, signs, in: context) }
            guard maker.table.concerns(type: event.type), let intake = try maker.intake(of: event, at: context.now) else { return }
            try outbox.take(intake)
            taken(Set(intake.news.filter { $0.fate == nil && $0.news.urgency == .urgent }.map(\.news.key.recipient)))
        } catch CoordinationError.unreadable(let position, let type, let problem) {
            throw PermanentProblem("event \(position) (\(type)): \(problem)")
        }
    }

    private func adopt(_ event: RecordedEvent, _ signs: FactSigns, in context: EffectContext) throws {
        switch try loader.decode(event) {
        case .messageHandedOver(let fact): try adopt(.handedOver(fact), signs, in: context)
        case .messageUndeliverable(let fact): try adopt(.undeliverable(fact), signs, in: context)
        case .messageBounced(let bounce): try outbox.tryAnotherWay(bounce.message, than: bounce.channel, at: context.now)
        default: return
        }
    }

    private func adopt(_ fact: ToldFact, _ signs: FactSigns, in context: EffectContext) throws {
        try outbox.adopt(fact, at: context.now)
        signs.see(fact)
    }
}
