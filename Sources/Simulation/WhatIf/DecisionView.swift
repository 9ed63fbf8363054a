import Coordination
import EventStore
import Pathways
import Timekeeping

/// The planner, over a log that stands at one position and only listens: what it would append is taken from it, and nothing is appended.
///
/// It is the planner of the product, called as its reactor and its deadline scheduler call it.
struct DecisionView {
    let log: BranchLog
    private let coordinator: Coordinator
    private let planner: FollowUpPlanner
    private let reactor: PlannerReactor
    private let clock = SetClock(Instant(millisecondsSinceEpoch: 0))
    private let loads = GivenLoads()

    init(_ history: History, at position: Int64) {
        log = BranchLog(history, upTo: position, time: clock.source, onlyListens: true)
        let ids = EventIDGenerator(time: clock.source) { 0 }
        coordinator = Coordinator(log: log, sealer: OpenedSealer(), streams: history.streams, time: clock.source, ids: ids)
        planner = FollowUpPlanner(coordinator: coordinator, ledger: loads)
        reactor = PlannerReactor(planner: planner, deadlines: InMemoryDeadlineStore())
    }

    /// What is published, as of where the log stands.
    func published() throws -> Recorded<TerritoryState> { try coordinator.loader.territory(coordinator.streams.territory) }

    func pathway(_ stream: StreamID) throws -> Recorded<Pathway> { try coordinator.loader.pathway(stream) }

    /// Spares another view the reading of the files that are published.
    func know(_ published: Recorded<TerritoryState>) { coordinator.loader.remember(published, of: coordinator.streams.territory) }

    /// Whether the planner looks at what an event changed.
    func isLookedAt(_ event: RecordedEvent) -> Bool { reactor.concerns(event) }

    /// Whether a pathway is the only one of its person: nothing that happens elsewhere changes what is wanted of it.
    func isAlone(_ stream: StreamID) throws -> Bool {
        guard let patient = try pathway(stream).state.reference.flatMap({ StreamID(hex: $0.patientStream) }) else { return false }
        return try coordinator.loader.person(of: patient).flatMap { try coordinator.loader.patient($0).state.visits }.count <= 1
    }

    /// What the planner would record because of an event.
    ///
    /// - Throws: what the planner throws.
    func decision(causedBy cause: RecordedEvent, at instant: Instant, weighing loads: Loads) async throws -> [ProposedEvent] {
        clock.now = instant
        self.loads.give(loads)
        return try await proposed {
            try await reactor.react(to: cause, in: EffectContext(reactor: PlannerReactor.name, cause: cause.id, attempt: 1, now: instant))
        }
    }

    /// What the planner would record because a deadline of a pathway has passed, or because it looks at all of them.
    ///
    /// - Throws: what the planner throws.
    func decision(
        on pathway: StreamID,
        causedBy cause: EventID? = nil,
        at instant: Instant,
        weighing loads: Loads
    ) async throws -> [ProposedEvent] {
        clock.now = instant
        self.loads.give(loads)
        return try await proposed { _ = try await planner.reconcile(pathway, causedBy: cause, step: "what-if") }
    }

    private func proposed(_ body: () async throws -> Void) async throws -> [ProposedEvent] {
        do {
            try await body()
            return []
        } catch let proposal as BranchLog.Proposal {
            return proposal.request.writes.flatMap { write in write.events.map { ProposedEvent(stream: write.stream, event: $0) } }
        }
    }
}
