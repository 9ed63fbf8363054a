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

    /// - Parameters:
    ///   - reader: of its own.
    ///   - taken: is told that there is something new, and who got urgent news (RPPS).
    public init(
        coordinator: Coordinator,
        reader: HappeningReader,
        table: NewsTable,
        ledger: any Ledger,
        outbox: any Outbox,
        taken: @escaping @Sendable (_ urgent: Set<String>) -> Void = { _ in }
    ) {
        self.taken = taken
        maker = NewsMaker(reader: reader, table: table, ledger: ledger)
        self.outbox = outbox
        loader = coordinator.loader
    }

    /// Wishes are no news, but whoever waits for their morning may want it now.
    public func concerns(_ event: RecordedEvent) -> Bool { event.type == ChannelsSet.type || maker.table.concerns(type: event.type) }

    public func react(to event: RecordedEvent, in context: EffectContext) async throws {
        do {
            if event.type == ChannelsSet.type {
                guard case .channelsSet(let wishes) = try loader.decode(event) else { return }
                try outbox.look(at: wishes.recipient, now: context.now)
                return taken([])
            }
            guard let intake = try maker.intake(of: event, at: context.now) else { return }
            try outbox.take(intake)
            taken(Set(intake.news.filter { $0.fate == nil && $0.news.urgency == .urgent }.map(\.news.key.recipient)))
        } catch CoordinationError.unreadable(let position, let type, let problem) {
            throw PermanentProblem("event \(position) (\(type)): \(problem)")
        }
    }
}
