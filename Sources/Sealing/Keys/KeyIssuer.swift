import EventStore
import GRDB
import Synchronization
import Timekeeping

/// Gives out the key of each stream, and makes it at the first request.
///
/// Callers that are waiting together share one durable transaction. Cancelling one of them changes nothing: requests
/// are not tied to the tasks that left them. What is known already costs a look into memory.
final class KeyIssuer: Sendable {
    private struct Known: Sendable {
        var keyID: String
        var patient: StreamID
    }

    private struct Pending: Sendable {
        let requests: [SealingRequest]
        /// Until when it waits for a hold to end.
        let deadline: ContinuousClock.Instant
        let continuation: CheckedContinuation<[String?], any Error>
    }

    private struct State {
        var pending: [Pending] = []
        var isAtWork = false
        /// How many hold each stream or patient.
        var held: [StreamID: Int] = [:]
        /// Requests that wait for a hold to end, and whether something looks at their deadlines.
        var parked: [Pending] = []
        var isWatched = false
        var isClosed = false

        mutating func takePending() -> [Pending] {
            isAtWork = !pending.isEmpty
            defer { pending = [] }
            return pending
        }
    }

    private let store: KeyStore
    private let wrapping: KeyWrapping
    private let masters: MasterRing
    private let cache: DataKeyCache
    private let time: TimeSource
    private let random: @Sendable () -> UInt64
    private let holdLimit: Duration
    private let changes: KeyChangeJournal
    private let state = Mutex(State())
    private let known: ShardedCache<StreamID, Known>
    /// Whether what is known may be given out without asking: nothing is held, and the store is open.
    private let isFree = Atomic(true)

    /// - Parameters:
    ///   - holdLimit: how long a request waits for a hold to end.
    ///   - changes: is told of keys that became another patient's.
    ///   - capacity: streams remembered per generation of the cache.
    init(
        store: KeyStore,
        masters: MasterRing,
        cache: DataKeyCache,
        time: TimeSource,
        random: @escaping @Sendable () -> UInt64,
        holdLimit: Duration,
        changes: KeyChangeJournal,
        capacity: Int
    ) {
        self.store = store
        self.masters = masters
        self.cache = cache
        self.time = time
        self.random = random
        self.holdLimit = holdLimit
        self.changes = changes
        wrapping = KeyWrapping(logIdentity: store.origin.identity)
        known = ShardedCache(capacity: capacity)
    }

    func keys(for requests: [SealingRequest]) async throws -> [String?] {
        if let keys = knownKeys(for: requests) { return keys }
        return try await withCheckedThrowingContinuation { continuation in
            let pending = Pending(requests: requests, deadline: .now + holdLimit, continuation: continuation)
            let (isAccepted, startsWork) = state.withLock { state in
                guard !state.isClosed else { return (false, false) }
                state.pending.append(pending)
                defer { state.isAtWork = true }
                return (true, !state.isAtWork)
            }
            guard isAccepted else { return continuation.resume(throwing: EventStoreError.keyStoreClosed) }
            if startsWork { startWork() }
        }
    }

    /// The keys, if all are known, in agreement with the requests, and nothing is held.
    private func knownKeys(for requests: [SealingRequest]) -> [String?]? {
        var keys: [String?] = []
        keys.reserveCapacity(requests.count)
        for request in requests {
            let known = known.withPart(of: request.stream) { part in
                isFree.load(ordering: .acquiring) ? part.value(for: request.stream) : nil
            }
            guard let known, request.patient == nil || request.patient == known.patient else { return nil }
            keys.append(known.keyID)
        }
        return keys
    }

    /// Every later look at what is known asks the writing connection; every earlier one has ended.
    private func suspend() {
        isFree.store(false, ordering: .releasing)
        known.forEachPart { _ in }
    }

    // MARK: Holding

    /// From when this returns, no request that is about one of `subjects` (streams, or the patients they are about) is
    /// answered, and none is half-way.
    func hold(_ subjects: Set<StreamID>) async {
        state.withLock { state in
            for subject in subjects { state.held[subject, default: 0] += 1 }
            suspend()
        }
        // What was begun before the hold is finished when this block's turn comes.
        await withCheckedContinuation { continuation in
            if !store.enqueue({ _ in continuation.resume() }) { continuation.resume() }
        }
    }

    func release(_ subjects: Set<StreamID>) {
        let startsWork = state.withLock { state in
            for subject in subjects {
                let count = state.held[subject, default: 0] - 1
                state.held[subject] = count > 0 ? count : nil
            }
            state.pending += state.parked
            state.parked = []
            isFree.store(state.held.isEmpty && !state.isClosed, ordering: .releasing)
            defer { state.isAtWork = state.isAtWork || !state.pending.isEmpty }
            return !state.isAtWork && !state.pending.isEmpty
        }
        if startsWork { startWork() }
    }

    /// Refuses what has waited for too long, for as long as something waits: an erasure may take its time, a hospital's message may not.
    private func watchDeadlines() {
        let startsWatch = state.withLock { state in
            defer { state.isWatched = state.isWatched || !state.parked.isEmpty }
            return !state.isWatched && !state.parked.isEmpty
        }
        guard startsWatch else { return }
        Task {
            while let next = refuseOverdue() { try? await Task.sleep(until: next) }
        }
    }

    /// - Returns: the earliest deadline of those that go on waiting; nil if none does.
    private func refuseOverdue() -> ContinuousClock.Instant? {
        let now = ContinuousClock.now
        let (overdue, next) = state.withLock { state in
            let overdue = state.parked.filter { $0.deadline <= now }
            state.parked.removeAll { $0.deadline <= now }
            state.isWatched = !state.parked.isEmpty
            return (overdue, state.parked.map(\.deadline).min())
        }
        for pending in overdue { pending.continuation.resume(throwing: SealingError.held) }
        return next
    }

    // MARK: Forgetting

    /// To be called on the writing connection, after the commit.
    func forget(_ streams: some Sequence<StreamID>) {
        for stream in streams { known.withPart(of: stream) { $0.remove(stream) } }
    }

    /// Refuses what comes from now on, and what is parked.
    func close() {
        let parked = state.withLock { state in
            state.isClosed = true
            suspend()
            defer { state.parked = [] }
            return state.parked
        }
        for pending in parked { pending.continuation.resume(throwing: EventStoreError.keyStoreClosed) }
    }

    // MARK: On the writing connection

    private func startWork() {
        let isEnqueued = store.enqueue { database in
            while true {
                let batch = self.state.withLock { $0.takePending() }
                guard !batch.isEmpty else { return }
                self.answer(batch, database)
            }
        }
        guard isEnqueued else { return refuseAll() }
    }

    private func refuseAll() {
        for pending in state.withLock({ $0.takePending() }) { pending.continuation.resume(throwing: SealingError.readOnly) }
        state.withLock { $0.isAtWork = false }
    }

    /// What a transaction prepares, to be remembered once it is durable.
    private struct Draft {
        var known: [StreamID: Known] = [:]
        var made: [DataKey] = []
        /// Keys that became another patient's.
        var moved: [String] = []
    }

    private func answer(_ batch: [Pending], _ database: Database) {
        let destructions = cache.destructions
        let held = state.withLock { Set($0.held.keys) }
        do {
            var draft = Draft()
            // nil = held: to be parked.
            let answers = try store.commit(database) {
                try batch.map { try keys(for: $0.requests, held, &draft, database) }
            }
            changes.add(draft.moved)
            for key in draft.made { cache.keep(.live(key.key), for: key.id, readAt: destructions) }
            let waiting = zip(batch, answers).compactMap { $1 == nil ? $0 : nil }
            for (stream, found) in draft.known { known.withPart(of: stream) { $0.put(found, for: stream) } }
            let refused = state.withLock { state -> [Pending] in
                // Closed meanwhile: nobody would take anything out of the parked.
                guard !state.isClosed else { return waiting }
                // If a hold ended meanwhile it may have been theirs, and nobody would take them out of the parked.
                if Set(state.held.keys) == held { state.parked += waiting } else { state.pending += waiting }
                return []
            }
            for pending in refused { pending.continuation.resume(throwing: EventStoreError.keyStoreClosed) }
            watchDeadlines()
            for (pending, answer) in zip(batch, answers) {
                if let answer { pending.continuation.resume(returning: answer) }
            }
        } catch {
            for pending in batch { pending.continuation.resume(throwing: error) }
        }
    }

    private func keys(
        for requests: [SealingRequest],
        _ held: Set<StreamID>,
        _ draft: inout Draft,
        _ database: Database
    ) throws -> [String?]? {
        // All of them before the first key is made: a request is answered whole or parked whole.
        if !held.isEmpty {
            for request in requests {
                let patient = try SubjectTable.known(of: request.stream, in: database).patient
                let subjects = [request.stream, request.patient, patient].compactMap(\.self)
                if subjects.contains(where: held.contains) { return nil }
            }
        }
        return try requests.map { try key(for: $0, &draft, database) }
    }

    private func key(for request: SealingRequest, _ draft: inout Draft, _ database: Database) throws -> String {
        let stored = try SubjectTable.known(of: request.stream, in: database)
        let patient = request.patient ?? stored.patient ?? request.stream
        if stored.patient != patient {
            try SubjectTable.set(request.stream, patient: patient, in: database)
            if let keyID = stored.keyID { draft.moved.append(keyID) }
        }
        let keyID = try stored.keyID ?? make(for: request.stream, &draft, database)
        draft.known[request.stream] = Known(keyID: keyID, patient: patient)
        return keyID
    }

    private func make(for stream: StreamID, _ draft: inout Draft, _ database: Database) throws -> String {
        let key = DataKey.make(for: stream, random: random)
        let wrapped = try wrapping.wrap(key, under: masters.current, random: random)
        try KeyTable.insert(key, wrapped: wrapped, at: time.now(), in: database)
        draft.made.append(key)
        return key.id
    }
}
