import Dispatch
import Synchronization
import Timekeeping

/// The one writer of a log: drains the inbox in batches, one durable transaction for each.
///
/// Callers that are waiting together share a commit. Cancelling one of them changes nothing: requests are not tied to
/// the tasks that left them.
///
/// When the disk fails, nothing of the batch is acknowledged and callers are refused at once, while the writer opens the
/// file anew, again and again, until it holds (``SessionOpener/reopen(after:)``).
///
/// `@unchecked Sendable`: every stored variable is used on `queue` only; the rest is immutable and Sendable.
final class CommitWriter: @unchecked Sendable {
    private struct Pending: Sendable {
        let request: PreparedAppend
        let continuation: CheckedContinuation<StoredOutcome, any Error>
    }

    enum Phase {
        case open(SessionOpener.Opened)
        case recovering(Recovery)
        case closed(EventStoreError)
    }

    private static let batchLimit = 1024
    private static let batchByteLimit = 8 << 20
    private static let longestWait = 200_000
    private static let closed = EventStoreError(.closed, "The log is closed: open it again.")

    let queue = DispatchQueue(label: "relais.event-store.writer", qos: .userInitiated)
    private let inbox = Inbox<Pending>()
    private let signal: CommitSignal
    private let pause: @Sendable (Int64) async throws -> Void
    private let board = HealthBoard()
    private let current: Mutex<(epoch: Int64, role: LogRole)>

    // Declared in the order they must go: the connections before the lock that protects the file.
    var opener: SessionOpener
    private(set) var phase: Phase
    private var lock: DirectoryLock?
    /// How many requests the next batch may expect: those of the last one, and those that came while it was committed.
    private var expectedBatch = 1
    /// Nanoseconds the last commit took.
    private var lastCommit = 0

    init(
        _ opened: SessionOpener.Opened,
        opener: SessionOpener,
        lock: DirectoryLock,
        signal: CommitSignal,
        pause: @escaping @Sendable (Int64) async throws -> Void
    ) {
        self.opener = opener
        self.lock = lock
        self.signal = signal
        self.pause = pause
        current = Mutex((opened.session.epoch, opened.session.role))
        phase = .open(opened)
    }

    /// Which opening for writing this is.
    var epoch: Int64 { current.withLock { $0.epoch } }

    /// Whether the log is written here, or taken over from elsewhere.
    var role: LogRole { current.withLock { $0.role } }

    var health: LogHealth { board.health }

    func healthChanges() -> AsyncStream<LogHealth> { board.changes() }

    /// Records `request` with whatever else is waiting, and returns when it is durable.
    func append(_ request: PreparedAppend) async throws -> StoredOutcome {
        try await withCheckedThrowingContinuation { continuation in
            switch inbox.put(Pending(request: request, continuation: continuation)) {
            case .queued: break
            case .writerIdle: queue.async { self.drain() }
            case .refused(let error): continuation.resume(throwing: error)
            }
        }
    }

    /// Answers what is waiting, then releases connection and lock.
    func close() async {
        inbox.close(with: Self.closed)
        await withCheckedContinuation { continuation in
            queue.async {
                self.release(Self.closed)
                continuation.resume()
            }
        }
    }

    /// Runs `body` on the writer's connection between two transactions.
    func withConnection<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        try queue.sync {
            switch phase {
            case .open(let opened): try body(opened.session.connection)
            case .recovering(let recovery): throw recovery.refusal
            case .closed(let error): throw error
            }
        }
    }

    /// Forgets commands of intake older than `recordedAt`, a page a transaction, so that appends wait for none of them long.
    func forgetCommands(recordedBefore recordedAt: Int64) async throws -> Int {
        var (forgotten, next): (Int, Int64?) = (0, 0)
        while let after = next {
            let page = try await withCheckedThrowingContinuation { continuation in
                queue.async { continuation.resume(with: Result { try self.forgetPage(after: after, recordedAt) }) }
            }
            (forgotten, next) = (forgotten + page.count, page.next)
        }
        return forgotten
    }

    private func forgetPage(after number: Int64, _ recordedAt: Int64) throws -> (count: Int, next: Int64?) {
        let session = try opened().session
        do {
            try session.begin()
            let page = try session.forgetCommands(after: number, recordedBefore: recordedAt, limit: 1000)
            try session.commit()
            return page
        } catch {
            // Nothing was promised; if the disk is at fault, the next append finds it too.
            session.rollBack()
            throw error
        }
    }

    /// The session that is open now.
    func opened() throws -> SessionOpener.Opened {
        switch phase {
        case .open(let opened): return opened
        case .recovering(let recovery): throw recovery.refusal
        case .closed(let error): throw error
        }
    }

    func note(_ session: WriterSession) {
        current.withLock { $0 = (session.epoch, session.role) }
        signal.advance(to: session.position, command: session.lastCommand)
    }

    /// Requests not taken yet.
    var waitingRequests: Int { inbox.count }

    // MARK: On the queue

    private func drain() {
        while true {
            let requests = inbox.take(atMost: Self.batchLimit)
            guard !requests.isEmpty else { return }
            switch phase {
            case .open(let opened) where opened.session.role == .replica: answer(requests, with: .notTheWriter)
            case .open(let opened): commit(requests, with: opened)
            case .recovering(let recovery): answer(requests, with: recovery.refusal)
            case .closed(let error): answer(requests, with: error)
            }
        }
    }

    private func commit(_ first: [Pending], with opened: SessionOpener.Opened) {
        let session = opened.session
        var batch = first
        var refusals: [Int: EventStoreError] = [:]
        while true {
            do {
                let outcomes = try transact(&batch, refusals, in: session)
                expectedBatch = batch.count + inbox.count
                for (pending, outcome) in zip(batch, outcomes) {
                    pending.continuation.resume(with: outcome.mapError { $0 })
                }
                signal.advance(to: session.position, command: session.lastCommand)
                opened.checkpointer.committed(on: session.connection)
                return
            } catch let refusal as IndexedRefusal {
                session.rollBack()
                refusals[refusal.index] = refusal.error
            } catch {
                session.rollBack()
                recover(from: error, in: opened, batch)
                return
            }
        }
    }

    /// A refusal, and whose.
    private struct IndexedRefusal: Error {
        let index: Int
        let error: EventStoreError
    }

    /// One transaction over `batch`, and over what comes while it is written.
    private func transact(
        _ batch: inout [Pending],
        _ refusals: [Int: EventStoreError],
        in session: WriterSession
    ) throws -> [Result<StoredOutcome, EventStoreError>] {
        var outcomes: [Result<StoredOutcome, EventStoreError>] = []
        var size = 0
        try session.begin()
        while true {
            while outcomes.count < batch.count {
                let index = outcomes.count
                if let refusal = refusals[index] {
                    outcomes.append(.failure(refusal))
                    continue
                }
                do {
                    outcomes.append(try session.apply(batch[index].request))
                } catch let refusal as RequestRefusal {
                    throw IndexedRefusal(index: index, error: refusal.error)
                }
                size += batch[index].request.size
            }
            // A batch that is run again takes no more in, so that it ends.
            guard refusals.isEmpty, batch.count < Self.batchLimit, size < Self.batchByteLimit else { break }
            // Half of them: the others prepare their requests while this half is committed.
            let more = inbox.takeMore(
                hopingFor: expectedBatch / 2 - batch.count,
                atMost: Self.batchLimit - batch.count,
                within: min(Self.longestWait, lastCommit / 2)
            )
            guard !more.isEmpty else { break }
            batch += more
        }
        // Pacing only; what is recorded takes its time from the time source.
        let start = DispatchTime.now().uptimeNanoseconds
        try session.commit()
        lastCommit = Int(truncatingIfNeeded: DispatchTime.now().uptimeNanoseconds &- start)
        return outcomes
    }

    private func answer(_ batch: [Pending], with error: EventStoreError) {
        for pending in batch { pending.continuation.resume(throwing: error) }
    }

    // MARK: Recovery

    /// As below, when nobody waits for an append.
    func recover(from error: any Error, in opened: SessionOpener.Opened) { recover(from: error, in: opened, []) }

    /// Nothing of `batch` is acknowledged. The log goes on at once only if the disk is not to blame.
    private func recover(from error: any Error, in opened: SessionOpener.Opened, _ batch: [Pending]) {
        let cause = error as? EventStoreError ?? EventStoreError(.storageUnavailable, "The log's writer failed.")
        if cause.code == .ownedByAnother {
            release(cause)
            return answer(batch, with: cause)
        }
        if !cause.isStorageFailure {
            do {
                try opened.session.reload()
                return answer(batch, with: cause)
            } catch {
                // What is wrong with the file will show when it is opened anew.
            }
        }
        stop(because: cause, opened)
        answer(batch, with: Recovery.refusal(because: cause))
    }

    /// Lets go of every connection, refuses callers, and tries to resume after a pause.
    private func stop(because cause: EventStoreError, _ opened: SessionOpener.Opened) {
        let recovery = Recovery(since: opener.time.now(), reason: cause, point: opened.session.resumePoint)
        opened.checkpointer.stop()
        phase = .recovering(recovery)
        inbox.refuse(with: recovery.refusal)
        board.set(recovery.health)
        resume(afterMilliseconds: recovery.pause)
    }

    private func resume(afterMilliseconds milliseconds: Int64) {
        // Weak: a log that nobody holds any more has nothing to recover for.
        Task { [weak self, pause] in
            do { try await pause(milliseconds) } catch { return }
            guard let self else { return }
            queue.async { self.tryToResume() }
        }
    }

    private func tryToResume() {
        guard case .recovering(var recovery) = phase else { return }
        do {
            let opened = try opener.reopen(after: &recovery.point)
            phase = .open(opened)
            expectedBatch = 1
            lastCommit = 0
            note(opened.session)
            inbox.accept()
            board.set(.accepting)
        } catch {
            let cause = error as? EventStoreError ?? EventStoreError(.storageUnavailable, "The log's file could not be opened anew.")
            let step = recovery.failed(with: cause)
            phase = .recovering(recovery)
            switch step {
            case .close(let reason):
                release(reason)
            case .retry(let milliseconds):
                inbox.refuse(with: recovery.refusal)
                board.set(recovery.health)
                resume(afterMilliseconds: milliseconds)
            }
        }
    }

    /// For good.
    private func release(_ error: EventStoreError) {
        if case .closed = phase { return }
        if case .open(let opened) = phase { opened.checkpointer.stop() }
        phase = .closed(error)
        lock = nil
        inbox.close(with: error)
        signal.close(with: error)
        board.close(.closed(reason: error))
    }
}
