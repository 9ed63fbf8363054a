import EventStore
import Kafka

/// One transaction of a relay, and what its failures mean.
struct RelayTransaction {
    /// How long a commit may take before its fate is looked up in the topic.
    private static let patience = Duration.seconds(60)

    private let producer: KafkaProducer

    init(_ producer: KafkaProducer) { self.producer = producer }

    /// Sends what `body` sends, all of it or nothing.
    ///
    /// - Returns: nil if all counts; else what became of it.
    /// - Throws: `CancellationError`, once the transaction was taken back.
    func run(_ body: (KafkaProducer) async throws -> Void) async throws -> RelayPlan.Outcome? {
        do {
            try await producer.beginTransaction()
            try await body(producer)
            try Task.checkCancellation()
        } catch {
            return try await takeBack(because: error)
        }
        do {
            try await commit()
            return nil
        } catch let error as KafkaError where error.requiresAbort && !error.isFatal {
            return try await takeBack(because: error)
        } catch {
            return Self.outcome(of: error)
        }
    }

    /// In a task of its own: a commit that has begun is seen to its end, whoever is cancelled.
    private func commit() async throws {
        let producer = producer
        try await Task {
            var tries = 0
            while true {
                do {
                    return try await producer.commitTransaction(within: Self.patience)
                } catch let error as KafkaError where error.isRetriable && !error.requiresAbort && tries < 3 {
                    tries += 1
                }
            }
        }.value
    }

    private func takeBack(because reason: any Error) async throws -> RelayPlan.Outcome {
        let known = Self.outcome(of: reason)
        guard known == .failed || reason is CancellationError else { return known }
        let producer = producer
        do {
            try await Task { try await producer.abortTransaction(within: .seconds(5)) }.value
        } catch {
            if reason is CancellationError { throw reason }
            return Self.outcome(of: error) == .fenced ? .fenced : .unsure
        }
        if reason is CancellationError { throw reason }
        return .failed
    }

    /// What an error of Kafka leaves open.
    static func outcome(of error: any Error) -> RelayPlan.Outcome {
        guard let error = error as? KafkaError else { return .failed }
        if error.isFenced { return .fenced }
        if error.isFatal || error.code == .closed { return .unsure }
        return error.code == .timedOut && !error.requiresAbort ? .unsure : .failed
    }

    /// Where the records lie.
    ///
    /// - Throws: the failure that tells most.
    static func offsets(_ results: [Result<KafkaOffset, KafkaError>]) throws -> [KafkaOffset] {
        let failures = results.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        if let failure = failures.first(where: { $0.isFatal }) ?? failures.first(where: { $0.code != .givenUp }) ?? failures.first {
            throw failure
        }
        return try results.map { try $0.get() }
    }
}
