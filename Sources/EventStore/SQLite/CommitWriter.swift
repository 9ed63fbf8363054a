import Dispatch
import Timekeeping

/// The one writer of a log: drains the inbox in batches, one durable transaction for each.
///
/// Callers that are waiting together share a commit. Cancelling one of them changes nothing: requests are not tied to
/// the tasks that left them.
///
/// `@unchecked Sendable`: every stored variable is used on `queue` only; the rest is immutable and Sendable.
final class CommitWriter: @unchecked Sendable {
    private struct Pending: Sendable {
        let request: PreparedAppend
        let continuation: CheckedContinuation<StoredOutcome, any Error>
    }

    private static let batchLimit = 1024
    private static let batchByteLimit = 8 << 20
    private static let longestWait = 200_000

    /// Which opening for writing this is.
    let epoch: Int64

    private let queue = DispatchQueue(label: "relais.event-store.writer", qos: .userInitiated)
    private let inbox = Inbox<Pending>()
    private let signal: CommitSignal

    // Declared in the order they must go: the connections before the lock that protects the file.
    private var session: WriterSession?
    private var checkpointer: Checkpointer?
    private var lock: DirectoryLock?
    private var closingError = EventStoreError(.closed, "The log is closed: open it again.")
    /// How many requests the next batch may expect: those of the last one, and those that came while it was committed.
    private var expectedBatch = 1
    /// Nanoseconds the last commit took.
    private var lastCommit = 0

    init(session: WriterSession, checkpointer: Checkpointer, lock: DirectoryLock, signal: CommitSignal) {
        self.session = session
        self.checkpointer = checkpointer
        self.lock = lock
        self.signal = signal
        epoch = session.epoch
    }

    /// Records `request` with whatever else is waiting, and returns when it is durable.
    func append(_ request: PreparedAppend) async throws -> StoredOutcome {
        try await withCheckedThrowingContinuation { continuation in
            switch inbox.put(Pending(request: request, continuation: continuation)) {
            case .queued: break
            case .writerIdle: queue.async { self.drain() }
            case .closed: continuation.resume(throwing: EventStoreError(.closed, "The log is closed: open it again."))
            }
        }
    }

    /// Answers what is waiting, then releases connection and lock.
    func close() async {
        inbox.close()
        await withCheckedContinuation { continuation in
            queue.async {
                self.release(self.closingError)
                continuation.resume()
            }
        }
    }

    /// Runs `body` on the writer's connection between two transactions.
    func withConnection<Value: Sendable>(_ body: @Sendable (Connection) throws -> Value) throws -> Value {
        try queue.sync {
            guard let session else { throw closingError }
            return try body(session.connection)
        }
    }

    /// Requests not taken yet.
    var waitingRequests: Int { inbox.count }

    // MARK: On the queue

    private func drain() {
        while true {
            let requests = inbox.take(atMost: Self.batchLimit)
            guard !requests.isEmpty else { return }
            commit(requests)
        }
    }

    private func commit(_ first: [Pending]) {
        guard let session else { return answer(first, with: closingError) }
        var batch = first
        var refusals: [Int: EventStoreError] = [:]
        while true {
            do {
                let outcomes = try transact(&batch, refusals, in: session)
                expectedBatch = batch.count + inbox.count
                for (pending, outcome) in zip(batch, outcomes) {
                    pending.continuation.resume(with: outcome.mapError { $0 })
                }
                signal.advance(to: session.position)
                checkpointer?.committed(on: session.connection)
                return
            } catch let refusal as IndexedRefusal {
                session.rollBack()
                refusals[refusal.index] = refusal.error
            } catch {
                session.rollBack()
                recover(from: error, in: session, batch)
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

    /// Nothing of `batch` is acknowledged. The log goes on only if what is on disk is certain.
    private func recover(from error: any Error, in session: WriterSession, _ batch: [Pending]) {
        let cause = error as? EventStoreError ?? EventStoreError(.storageUnavailable, "The log's writer failed.")
        if cause.code == .ownedByAnother {
            release(cause)
        } else if cause.isInputOutputError {
            // After a failed fsync the kernel may have dropped what it could not write: reading it back proves nothing.
            release(
                EventStoreError(.closed, "The log was closed after an I/O error (\(cause.message)) Check the disk, open it again.")
            )
        } else {
            do {
                try session.reload()
            } catch {
                release(EventStoreError(.closed, "The log's end could not be read again after: \(cause.message) Open it again."))
            }
        }
        answer(batch, with: cause)
    }

    private func answer(_ batch: [Pending], with error: EventStoreError) {
        for pending in batch { pending.continuation.resume(throwing: error) }
    }

    private func release(_ error: EventStoreError) {
        guard session != nil else { return }
        closingError = error
        checkpointer?.stop()
        session = nil
        checkpointer = nil
        lock = nil
        signal.close(with: error)
    }
}
