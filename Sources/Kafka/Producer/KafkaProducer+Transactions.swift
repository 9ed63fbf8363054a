internal import Logging

extension KafkaProducer {
    /// Gets the transactional id for this producer: whoever had it before is fenced off, and what it left open is aborted. Once, before the
    /// first transaction. Waits as long as it takes to reach the coordinator.
    /// - Throws: ``KafkaError``; `CancellationError` (a later call goes on with it).
    public func initTransactions() async throws {
        try await transactions.initialize()
    }

    /// Begins a transaction: all that is sent until its end counts together or not at all. One at a time.
    public func beginTransaction() async throws {
        try await transactions.begin()
    }

    /// Adds a consumer's offsets to the transaction, so that what was read and what was written count together.
    /// - Parameters:
    ///   - offsets: the next message to read of each partition.
    ///   - membership: ``KafkaConsumer/membership()`` at the time of reading.
    public func sendOffsets(_ offsets: [KafkaOffset], as membership: KafkaGroupMembership) async throws {
        guard !offsets.isEmpty else { return }
        try await transactions.sendOffsets(offsets, membership)
    }

    /// Waits for what was sent, then commits.
    /// - Parameter limit: `nil` waits until the cluster answers.
    /// - Throws: ``KafkaError``. Retriable: it is under way, call again to go on with it. Requires abort: call ``abortTransaction(within:)``.
    ///   Fatal, or none of these: make a new producer and look at the topic for what was written. `CancellationError`: as retriable.
    public func commitTransaction(within limit: Duration? = nil) async throws {
        try await transactions.commit(limit: limit)
    }

    /// Takes the transaction back; records that wait in the local queue get the outcome `givenUp`.
    /// - Parameter limit: `nil` waits until the cluster answers.
    /// - Throws: ``KafkaError``. Retriable: it is under way, call again to go on with it; the next transaction does so by itself.
    public func abortTransaction(within limit: Duration? = nil) async throws {
        try await transactions.abort(limit: limit)
    }

    /// Sends records in one transaction: all of them count, or none does.
    ///
    /// Cancellation aborts it as long as the commit has not begun; after that the call waits for the outcome.
    /// - Parameters:
    ///   - offsets: with `membership`, what was read counts together with what is written.
    /// - Returns: where each record lies.
    /// - Throws: why nothing was written (`transactionFailed` is worth a repetition); a fatal error (`isFenced` among them) leaves open whether it was, and the producer of no use.
    public func transaction(
        _ records: [KafkaRecord],
        offsets: [KafkaOffset] = [],
        as membership: KafkaGroupMembership? = nil
    ) async throws -> [KafkaOffset] {
        try await beginTransaction()
        let written: [KafkaOffset]
        do {
            written = try Self.allOrFirstFailure(try await send(records))
            if let membership { try await sendOffsets(offsets, as: membership) }
            try Task.checkCancellation()
        } catch {
            try await takeBack(because: error)
            throw error
        }
        do {
            // Its own task: a commit that has begun is seen to its end.
            try await Task { try await commitTransaction() }.value
        } catch let error as KafkaError where error.requiresAbort && !error.isFatal {
            try await takeBack(because: error)
            throw error
        }
        return written
    }

    /// - Throws: a fatal error that shows only now.
    private func takeBack(because reason: any Error) async throws {
        if let reason = reason as? KafkaError, reason.isFatal || reason.code == .closed { return }
        let limit: Duration? = reason is CancellationError ? .seconds(5) : nil
        do {
            try await Task { try await abortTransaction(within: limit) }.value
        } catch let error as KafkaError where error.isFatal {
            throw error
        } catch {
            // Not aborted in time: the next transaction goes on with it, or the broker's own timeout ends it.
            core.observer.logger.warning("A Kafka transaction could not be aborted yet", metadata: ["error": "\(error)"])
        }
    }

    /// Records that were given up tell nothing about the reason: another failure does. Where there is none, librdkafka has given up the
    /// transaction by itself and will begin to count its records anew.
    private static func allOrFirstFailure(_ results: [Result<KafkaOffset, KafkaError>]) throws -> [KafkaOffset] {
        let failures = results.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        if let failure = failures.first(where: { $0.isFatal }) ?? failures.first(where: { $0.code != .givenUp }) { throw failure }
        if let failure = failures.first {
            throw KafkaError(
                .transactionFailed,
                "A Kafka transaction failed before its records were written, for the reason in the log. Repeat it.",
                nativeCode: failure.nativeCode,
                isRetriable: true
            )
        }
        return try results.map { try $0.get() }
    }
}
