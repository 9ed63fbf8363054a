public import EventStore
import Foundation
import Pathways
import Timekeeping

/// The process manager that turns what is known of a pathway, and the time that passes, into follow-ups, offers and escalations.
///
/// It decides nothing itself: it hands what is outside the pathway's stream (directory, patient's address, the person's other stays, loads,
/// time) to `PathwayCommand.reconcile`, as an ordinary command whose key is (causing event, manager, step), or (stream, version, deadline)
/// for a deadline. A crash and a second run plan nothing twice: the key exists, and reconciling again would change nothing anyway.
///
/// One append holds what becomes of all the pathways of one person that a change concerns: what is planned in one stay, and held or ended
/// in another because of it, is never seen apart.
public struct FollowUpPlanner: Sendable {
    /// `source` of the events it causes.
    public static let source = "urn:relais:follow-up-planner"
    static let scope = "follow-up-planner"
    /// How many timers are read at once.
    private static let page = 256

    private let coordinator: Coordinator
    private let ledger: any LoadLedger

    /// - Parameter ledger: how much everybody has in hand; without it, counted from the whole log once.
    public init(coordinator: Coordinator, ledger: (any LoadLedger)? = nil) {
        self.coordinator = coordinator
        self.ledger = ledger ?? InMemoryLoadLedger(loader: coordinator.loader)
    }

    // MARK: - Causes

    /// Brings a pathway in line with what is known, and those of the same person that it concerns.
    ///
    /// - Parameters:
    ///   - stream: the pathway.
    ///   - cause: the event that made it necessary, if one did.
    ///   - step: distinguishes several works for one cause.
    /// - Throws: `CoordinationError.noTerritory`, `.unreadable`, `EventStoreError`; `Rejection` if the domain refuses.
    @discardableResult
    public func reconcile(_ stream: StreamID, causedBy cause: EventID?, step: String) async throws -> Coordinator.Outcome {
        try await reconcile(key: "\(cause?.description ?? stream.hex)/\(step)", causedBy: cause) { try PersonScope(around: stream, in: $0) }.outcome
    }

    /// As above for an event of a pathway's stream; the timers of what was looked at are set.
    func reconcile(_ stream: StreamID, causedBy cause: EventID, timers deadlines: any DeadlineStore) async throws {
        try await reconcile(stream, key: "\(cause)/reconcile", causedBy: cause, timers: deadlines)
    }

    private func reconcile(_ stream: StreamID, key: String, causedBy cause: EventID, timers deadlines: any DeadlineStore) async throws {
        let done = try await reconcile(key: key, causedBy: cause) { try PersonScope(around: stream, in: $0) }
        try setTimers([stream] + done.streams.filter { $0 != stream }, lookedAt: done.now, in: deadlines)
    }

    /// For an event of a patient's stream: a death that is told of one visit, or of none, concerns all pathways of the person.
    ///
    /// - Parameters:
    ///   - patient: any of the person's numbers.
    ///   - always: false spares the look at each pathway of those who were never said to be dead.
    func reconcilePathways(of patient: StreamID, causedBy cause: EventID, always: Bool, timers deadlines: any DeadlineStore) async throws {
        let work = UnitOfWork(loader: coordinator.loader, ids: coordinator.ids, streams: coordinator.streams)
        guard try always || Person(of: patient, in: work).wasStatedDeceased else { return }
        let done = try await reconcile(key: "\(cause)/person", causedBy: cause) { try PersonScope(of: patient, in: $0) }
        try setTimers(done.streams, lookedAt: done.now, in: deadlines)
    }

    /// For a change of the directory, or of who is away: each pathway that has a timer is looked at, if somebody is being asked there or
    /// nobody could be. One that cannot be worked on holds up no other: its timer rings, and whoever meets it parks it.
    func reconcileAll(causedBy cause: EventID, timers deadlines: any DeadlineStore) async throws {
        var last: StreamID?
        while true {
            let page = try deadlines.timers(after: last, limit: Self.page)
            for timer in page {
                do {
                    guard try coordinator.loader.pathway(timer.stream).state.dependsOnWhoIsThere else { continue }
                    try await reconcile(timer.stream, key: "\(cause)/\(timer.stream.hex)", causedBy: cause, timers: deadlines)
                } catch {
                    guard PlannerTrouble(error) != nil else { throw error }
                    try deadlines.set(coordinator.time.now(), for: timer.stream, asOf: timer.version)
                }
            }
            guard page.count == Self.page, let end = page.last?.stream else { return }
            last = end
        }
    }

    /// Looks at a pathway whose timer has rung, and sets the timer anew. Nothing but that if its next deadline is still to come.
    ///
    /// - Throws: `DeadlineStuck` if its deadline has passed and nothing comes of it.
    func meetDeadline(of timer: PathwayTimer, in deadlines: any DeadlineStore) async throws {
        let now = coordinator.time.now()
        let before = try coordinator.loader.pathway(timer.stream)
        let deadline = try rules().nextDeadline(of: before.state)
        guard let passed = deadline, passed.at <= now else {
            return try deadlines.replace(timer, by: deadline?.at, asOf: before.version)
        }
        // A home return that waits for a fact stays the earliest deadline, at the same version: when the timer rang tells the looks apart.
        let key = "\(timer.stream.hex)@\(before.version)/\(timer.due.millisecondsSinceEpoch)/\(passed.key)"
        let done = try await reconcile(key: key, causedBy: nil) { try PersonScope(around: timer.stream, in: $0) }
        let after = try coordinator.loader.pathway(timer.stream)
        let next = try rules().nextDeadline(of: after.state, lookedAt: done.now)
        if after.version == before.version, let next, next.at <= now { throw DeadlineStuck(deadline: next.key) }
        try deadlines.replace(timer, by: next?.at, asOf: after.version)
        try setTimers(done.streams.filter { $0 != timer.stream }, lookedAt: done.now, in: deadlines)
    }

    /// The position of a stream's last event; 0 if it has none.
    func lastPosition(of stream: StreamID) throws -> Int64 {
        let version = try coordinator.log.version(of: stream)
        return version == 0 ? 0 : try coordinator.log.read(stream: stream, fromVersion: version, limit: 1).first?.position ?? 0
    }

    // MARK: - Deadlines

    private func setTimers(_ streams: [StreamID], lookedAt instant: Instant, in deadlines: any DeadlineStore) throws {
        guard !streams.isEmpty else { return }
        let rules = try rules()
        for stream in streams {
            let pathway = try coordinator.loader.pathway(stream)
            try deadlines.set(try rules.nextDeadline(of: pathway.state, lookedAt: instant)?.at, for: stream, asOf: pathway.version)
        }
    }

    /// Under what deadlines are found.
    private struct Rules {
        let protocols: ProtocolLibrary
        /// Nil if nothing is published.
        let zone: TimeZone?

        /// - Parameter instant: when the planner looked last: what had passed by then and became no event waits for a fact, not for the clock.
        func nextDeadline(of pathway: Pathway, lookedAt instant: Instant? = nil) throws -> Deadline? {
            guard pathway.reference != nil else { return nil }
            guard let zone else { throw CoordinationError.noTerritory }
            return pathway.nextDeadline(under: protocols, in: zone, after: instant)
        }
    }

    private func rules() throws -> Rules {
        let published = try coordinator.loader.territory(coordinator.streams.territory).state
        return Rules(protocols: published.protocols, zone: published.territory.flatMap { TimeZone(identifier: $0.timeZone) })
    }

    // MARK: - One append

    private func reconcile(
        key: String,
        causedBy cause: EventID?,
        _ scope: (UnitOfWork) throws -> PersonScope
    ) async throws -> (outcome: Coordinator.Outcome, streams: [StreamID], now: Instant) {
        let now = coordinator.time.now()
        let author = Author(source: Self.source, occurredAt: now, causation: cause, correlation: cause)
        let command = CommandKey(scope: Self.scope, key: key, body: [], match: .keyAlone)
        var looked: [StreamID] = []
        let outcome = try await coordinator.perform(command, remembersNothing: false) { work in
            let scope = try scope(work)
            looked = scope.streams
            if looked.isEmpty { return [] }
            let surroundings = try Surroundings(at: now, loads: try ledger.loads(), in: &work)
            for stream in scope.streams {
                // Those that are told are part of the decision: two pathways withdrawn at once must not both tell the same person.
                let pathway = try work.pathway(stream)
                let others = try scope.others(of: stream, in: work)
                let context = surroundings.context(for: stream, pathway, of: scope.person, among: others, streams: coordinator.streams)
                try work.decide(.reconcile(context), on: stream, by: author)
            }
            return []
        }
        return (outcome, looked, now)
    }
}

/// A deadline has passed, the planner has looked, and nothing came of it: looking again would not help.
struct DeadlineStuck: Error {
    /// Holds ids only.
    let deadline: String
}

extension Deadline {
    /// Names it among the deadlines of a pathway: an instant and ids, nothing else.
    var key: String { "\(at.millisecondsSinceEpoch)/\(kind.name)" + (kind.followUp.map { "/\($0)" } ?? "") }
}
