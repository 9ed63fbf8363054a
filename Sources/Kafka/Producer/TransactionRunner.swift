internal import CRdKafka
internal import Synchronization

/// The transactional calls, one after the other on a thread of their own, because they block.
///
/// librdkafka's calls wait until the cluster answers. They are given short times and resumed, so that a caller that is cancelled and a
/// producer that shuts down need not wait for a cluster that is away.
final class TransactionRunner: Sendable {
    enum Phase: Equatable { case none, open, committing, aborting }

    private static let sliceMilliseconds = 2000

    private let core: ProducerCore
    private let worker: WorkerThread
    private let phase = Mutex(Phase.none)

    init(core: ProducerCore, worker: WorkerThread) {
        self.core = core
        self.worker = worker
    }

    func initialize() async throws {
        try await run("Transactions could not be initialised", limit: nil) { rd_kafka_init_transactions($0, $1) }
    }

    func begin() async throws {
        // An abort that its caller did not wait for has to end first; so has a commit, but that is for its caller to see.
        if current == .aborting { try await abort(limit: nil) }
        try await run("A transaction could not begin", limit: nil) { client, _ in rd_kafka_begin_transaction(client) }
        move(to: .open)
    }

    func commit(limit: Duration?) async throws {
        move(to: .committing)
        do {
            try await run("A transaction was not committed", limit: limit) { rd_kafka_commit_transaction($0, $1) }
            move(to: .none)
        } catch let error as KafkaError where !error.isRetriable {
            move(to: error.requiresAbort ? .open : .none)
            throw error
        }
    }

    func abort(limit: Duration?) async throws {
        move(to: .aborting)
        do {
            try await run("A transaction was not aborted", limit: limit) { rd_kafka_abort_transaction($0, $1) }
            move(to: .none)
        } catch let error as KafkaError where !error.isRetriable {
            move(to: .none)
            throw error
        }
    }

    func sendOffsets(_ offsets: [KafkaOffset], _ membership: KafkaGroupMembership) async throws {
        try await worker.call { [core] _ in
            let list = try TopicPartitions(offsets)
            var metadata: OpaquePointer?
            let unread = membership.bytes.withUnsafeBytes { rd_kafka_consumer_group_metadata_read(&metadata, $0.baseAddress, $0.count) }
            defer { if let metadata { rd_kafka_consumer_group_metadata_destroy(metadata) } }
            try core.client.use { client throws(KafkaError) in
                let action = "Offsets could not be added to a transaction"
                if let unread { throw KafkaError(taking: unread, of: client, action) }
                // Not resumable, unlike the others: one longer wait, which a shutdown has to sit out.
                guard let error = rd_kafka_send_offsets_to_transaction(client, list.list, metadata, 10_000) else { return }
                throw KafkaError(taking: error, of: client, action)
            }
        }
    }

    /// Aborts what is open, so that nobody has to wait for the broker's timeout. Blocks; only for the worker.
    func abandon() {
        guard current == .open || current == .aborting else { return }
        _ = try? core.client.use { client in
            if let error = rd_kafka_abort_transaction(client, 5000) { rd_kafka_error_destroy(error) }
        }
        move(to: .none)
    }

    private var current: Phase { phase.withLock { $0 } }

    private func move(to next: Phase) {
        phase.withLock { $0 = next }
    }

    private func run(
        _ action: String,
        limit: Duration?,
        _ call: @escaping @Sendable (OpaquePointer, Int32) -> OpaquePointer?
    ) async throws {
        try await worker.call { [core] promise in
            var left = limit?.milliseconds ?? .max
            while true {
                let slice = min(left, Self.sliceMilliseconds)
                let failure: KafkaError? = try core.client.use { client in
                    call(client, Int32(slice)).map { KafkaError(taking: $0, of: client, action) }
                }
                guard let failure else { return }
                left -= slice
                let isOutOfTime = failure.isRetriable && failure.nativeCode == RD_KAFKA_RESP_ERR__TIMED_OUT.rawValue
                guard isOutOfTime, left > 0, !promise.isSettled, core.isOpen else { throw failure }
            }
        }
    }
}
