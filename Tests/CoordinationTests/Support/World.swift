import Coordination
import Crypto
import EventStore
import Foundation
import Pathways
import Synchronization
import TestSupport
import Timekeeping

/// A log with a small territory, a hospital that states movements, and what tests want to know of it.
struct World: Sendable {
    /// Monday 16 November 2026, 14:00 in Paris: the day of most discharges here.
    static let start = at("2026-11-16T14:00:00+01:00")
    /// When a home return after a discharge at `start` must be known.
    static let homeReturnLimit = at("2026-11-18T00:00:00+01:00")
    static let streams = StreamNames(
        naming: StreamNaming(key: SymmetricKey(data: [UInt8](repeating: 7, count: 32))),
        territory: "test-territory"
    )
    static let protocols = ["plain-home-discharge.yaml", "against-advice-discharge.yaml", "unknown-discharge.yaml", "heart-failure.yaml"]
    static let challans = PatientAddress(city: "Challans", postalCode: "85300")

    let log: any EventLog
    let clock: ManualClock
    let directory: TemporaryDirectory
    let coordinator: Coordinator
    private let ids: EventIDGenerator

    /// - Parameters:
    ///   - territory: nil publishes nothing.
    ///   - loop: a protocol of one rule in place of the shipped ones.
    init(
        _ kind: LogKind = .memory,
        publishing territory: SmallTerritory? = SmallTerritory(),
        loop: LoopProtocol? = nil,
        seed: UInt64 = 1
    ) async throws {
        directory = try TemporaryDirectory()
        clock = ManualClock(Self.start)
        log = try kind.open(in: directory, time: clock.source)
        let chance = Mutex(SplitMix64(seed: seed))
        ids = EventIDGenerator(time: clock.source) { chance.withLock { $0.next() } }
        coordinator = Coordinator(log: log, sealer: PlainSealer(), streams: Self.streams, time: clock.source, ids: ids)
        if let territory { try await publish(territory, loop: loop) }
    }

    // MARK: - Directory

    var author: Author { Author(source: "urn:relais:test", occurredAt: clock.now) }

    func publish(_ territory: SmallTerritory, loop: LoopProtocol? = nil) async throws {
        let publisher = TerritoryPublisher(coordinator: coordinator)
        _ = try await publisher.publish(territory: territory.yaml, file: "test", by: author)
        if let loop {
            _ = try await publisher.publish(protocol: loop.yaml, file: "loop", by: author)
            return
        }
        for file in BundledFiles.protocols where Self.protocols.contains(file.name) {
            _ = try await publisher.publish(protocol: Self.afterDischarge(file.yaml), file: file.name, by: author)
        }
    }

    /// A shipped protocol without the rules for the time before the discharge and for reports: those are tested where they are the subject.
    private static func afterDischarge(_ yaml: String) -> String {
        let mark = "\n  - id: "
        let parts = yaml.split(separator: "\nrules:", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { return yaml }
        let rules = ("\nrules:" + parts[1]).components(separatedBy: mark)
        let others = ["admission", "admission-planned", "discharge-planned", "prescription-missing", "alert-sign"]
        let kept = rules.dropFirst().filter { rule in !others.contains { rule.contains("\n    trigger: \($0)\n") } }
        return parts[0] + ([rules[0]] + kept).joined(separator: mark)
    }

    func caller(_ rpps: String) throws -> Caller {
        try Caller(urn: "urn:rpps:\(rpps)", in: try coordinator.loader.territory(Self.streams.territory).state)
    }

    // MARK: - Others on the same log

    /// A coordinator that remembers nothing of what this one remembers, as if its tasks ran behind ours.
    func anotherCoordinator(sealer: any PayloadSealer = PlainSealer()) -> Coordinator {
        Coordinator(log: log, sealer: sealer, streams: Self.streams, time: clock.source, ids: ids)
    }

    // MARK: - What the log holds

    func pathway(_ visit: String = "V1") -> StreamID { Self.streams.pathway(LocalIdentifier(authority: "CHT", value: visit)) }

    /// Folded from the log alone.
    func state(_ visit: String = "V1") throws -> Pathway { Pathway(folding: try events(visit)) }

    func followUp(_ rule: String, of visit: String = "V1") throws -> FollowUp {
        guard let found = try state(visit).followUps.last(where: { $0.plan.rule.rule == rule }) else { throw Missing(what: rule) }
        return found
    }

    struct Missing: Error { let what: String }

    func recorded(_ stream: StreamID? = nil) throws -> [RecordedEvent] {
        guard let stream else { return try log.read(after: 0, limit: .max) }
        return try log.read(stream: stream, fromVersion: 1, limit: .max)
    }

    /// The events of a pathway, oldest first.
    func events(_ visit: String = "V1") throws -> [PathwayEvent] {
        try recorded(pathway(visit)).compactMap { try PathwayEvent(type: $0.type, payload: $0.payload) }
    }

    func count(_ type: String) throws -> Int { try recorded().count { $0.type == type } }

    func head() throws -> Int64 { try log.head().position }
}

extension World {
    // MARK: - The planner

    var reactors: String { "\(directory.path)/reactors.sqlite" }

    func store() throws -> SQLiteReactorStore { try SQLiteReactorStore(path: reactors) }

    func follower(_ store: SQLiteReactorStore, _ coordinator: Coordinator? = nil) -> ReactorFollower {
        let reactor = PlannerReactor(planner: planner(store, coordinator), deadlines: SQLiteDeadlineStore(store: store))
        return ReactorFollower(reactor, store: store, log: log, time: clock.source)
    }

    func scheduler(_ store: SQLiteReactorStore, _ coordinator: Coordinator? = nil) -> DeadlineScheduler {
        DeadlineScheduler(
            planner: planner(store, coordinator),
            deadlines: SQLiteDeadlineStore(store: store),
            parking: store,
            time: clock.source
        )
    }

    private func planner(_ store: SQLiteReactorStore, _ coordinator: Coordinator?) -> FollowUpPlanner {
        let coordinator = coordinator ?? self.coordinator
        return FollowUpPlanner(coordinator: coordinator, ledger: SQLiteLoadLedger(store: store, loader: coordinator.loader))
    }

    /// Lets the clock go to an instant, and the planner do all that is due by then, each thing at its own time.
    func run(until end: Instant) async throws {
        let store = try store()
        let deadlines = SQLiteDeadlineStore(store: store)
        try await catchUp(follower(store))
        while let next = try deadlines.next(), next <= end {
            clock.set(max(next, clock.now))
            _ = try await scheduler(store).fireDue()
            try await catchUp(follower(store))
        }
        clock.set(end)
    }

    /// Hands pages to the follower, as its runner does, until it has read the log to its end.
    func catchUp(_ follower: ReactorFollower, pageSize: Int = 100) async throws {
        while let page = try await nextPage(of: follower, size: pageSize) { try await follower.handle(page) }
    }

    func nextPage(of follower: ReactorFollower, size: Int = 100) async throws -> EventPage? {
        let events = try log.read(after: try await follower.loadCheckpoint().position, limit: size)
        guard let last = events.last else { return nil }
        return EventPage(events: events, checkpoint: FollowerCheckpoint(position: last.position, epoch: log.epoch))
    }

    /// Plans all there is to plan, with a planner that has just been started.
    func plan(pageSize: Int = 100) async throws { try await catchUp(follower(try store()), pageSize: pageSize) }
}
