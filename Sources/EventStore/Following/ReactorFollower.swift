public import Timekeeping

/// Feeds a ``Reactor`` from the log: sequences side by side, each in order; one that cannot go on is parked, visibly, and holds up no other.
///
/// The checkpoint moves once all effects of a page are durable; a page that comes again finds its effects by their keys.
public struct ReactorFollower: Follower {
    /// What came of trying a parked sequence again.
    public struct Retried: Sendable, Hashable {
        /// Items whose effect is durable now.
        public let done: Int
        /// Items still parked, the one that failed again first. Empty = the sequence goes on.
        public let remaining: [ParkedItem]
    }

    private static let behindAnother = "waits behind an earlier event of its sequence"
    /// How often a page is worked on again because parked work changed meanwhile.
    private static let rounds = 5

    private let reactor: any Reactor
    private let store: any ReactorStore
    private let log: any EventReader
    private let time: TimeSource
    private let concurrency: Int

    public var name: String { reactor.name }
    public var kind: FollowerKind { .reactor }

    /// - Parameters:
    ///   - log: where parked events are read again.
    ///   - concurrency: sequences worked on at once.
    public init(_ reactor: any Reactor, store: any ReactorStore, log: any EventReader, time: TimeSource, concurrency: Int = 16) {
        self.reactor = reactor
        self.store = store
        self.log = log
        self.time = time
        self.concurrency = max(1, concurrency)
    }

    public func loadCheckpoint() async throws -> FollowerCheckpoint { try store.checkpoint(of: name) }

    public func handle(_ page: EventPage) async throws {
        for _ in 0..<Self.rounds {
            let known = try store.parkedSequences(of: name)
            let parking = try await work(on: page.events, knowing: known)
            if try store.save(page.checkpoint, of: name, parking: parking, knowing: known) { return }
        }
        throw EventStoreError(.storageUnavailable, "What \(name) has parked keeps changing: the page comes again.")
    }

    // MARK: - A page

    private struct Sequence: Sendable {
        let id: StreamID
        var events: [RecordedEvent]
    }

    /// - Returns: what is to be parked.
    private func work(on events: [RecordedEvent], knowing parked: Set<StreamID>) async throws -> [ParkingRequest] {
        var parking: [ParkingRequest] = []
        var free: [Sequence] = []
        for sequence in sequences(of: events) {
            if parked.contains(sequence.id) {
                parking += sequence.events.map { behind($0, sequence.id) }
            } else {
                free.append(sequence)
            }
        }
        // One after another needs no task of its own.
        if concurrency == 1 {
            for sequence in free { parking += try await run(sequence) }
            return parking.sorted { $0.position < $1.position }
        }
        try await withThrowingTaskGroup(of: [ParkingRequest].self) { group in
            var next = free.makeIterator()
            for _ in 0..<concurrency {
                guard let sequence = next.next() else { break }
                group.addTask { try await run(sequence) }
            }
            while let parked = try await group.next() {
                parking += parked
                if let sequence = next.next() { group.addTask { try await run(sequence) } }
            }
        }
        return parking.sorted { $0.position < $1.position }
    }

    private func sequences(of events: [RecordedEvent]) -> [Sequence] {
        var places: [StreamID: Int] = [:]
        var sequences: [Sequence] = []
        for event in events where reactor.concerns(event) {
            let id = reactor.sequence(of: event)
            if let place = places[id] {
                sequences[place].events.append(event)
            } else {
                places[id] = sequences.count
                sequences.append(Sequence(id: id, events: [event]))
            }
        }
        return sequences.map { Sequence(id: $0.id, events: reactor.coalesce($0.events)) }
    }

    private func run(_ sequence: Sequence) async throws -> [ParkingRequest] {
        for (index, event) in sequence.events.enumerated() {
            do {
                try await react(to: event, attempt: 1)
            } catch let problem as PermanentProblem {
                let failed = ParkingRequest(
                    sequence: sequence.id,
                    position: event.position,
                    problem: problem.description,
                    since: time.now(),
                    attempts: 1
                )
                return [failed] + sequence.events.dropFirst(index + 1).map { behind($0, sequence.id) }
            }
        }
        return []
    }

    private func behind(_ event: RecordedEvent, _ sequence: StreamID) -> ParkingRequest {
        ParkingRequest(sequence: sequence, position: event.position, problem: Self.behindAnother, since: time.now(), attempts: 0)
    }

    private func react(to event: RecordedEvent, attempt: Int) async throws {
        try await reactor.react(to: event, in: EffectContext(reactor: name, cause: event.id, attempt: attempt, now: time.now()))
    }

    // MARK: - What is parked

    /// Tries the parked events of a sequence again, in order, and stops at the first that fails. A sequence of which nothing is left goes
    /// on with what the log brings.
    ///
    /// - Throws: what is no ``PermanentProblem``: try again later; what was done stays done.
    public func retry(_ sequence: StreamID) async throws -> Retried {
        var done = 0
        while true {
            let items = try store.parked(of: name, sequence: sequence)
            guard let item = items.first else { return Retried(done: done, remaining: []) }
            do {
                guard let event = try log.read(after: item.position - 1, limit: 1).first, event.position == item.position else {
                    throw PermanentProblem("the log holds no event \(item.position)")
                }
                try await react(to: event, attempt: item.attempts + 1)
                try store.unpark(item)
                done += 1
            } catch let problem as PermanentProblem {
                try store.note(problem.description, on: item)
                return Retried(done: done, remaining: try store.parked(of: name, sequence: sequence))
            }
        }
    }

    /// Does without the effect of one parked event, for a reason that is kept. Those behind it stay parked until ``retry(_:)``.
    ///
    /// - Returns: nil if this reactor has no such item.
    public func discard(_ id: Int64, reason: String, by: String) throws -> DiscardedItem? {
        guard try store.parked(of: name, sequence: nil).contains(where: { $0.id == id }) else { return nil }
        return try store.discard(id, reason: reason, by: by, at: time.now())
    }

    /// What is parked, by position.
    public func parked() throws -> [ParkedItem] { try store.parked(of: name, sequence: nil) }
}
