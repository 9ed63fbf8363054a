import CoreMetrics
import EventStore
import Kafka
import Logging
import Sealing
import Timekeeping

/// What a relay has in hand while it runs; used by one task.
struct RelaySession {
    private let relay: Relay
    private var producer: KafkaProducer?
    private var source: ReplicationSource?
    private var handover = KeyHandover()
    private var records: RelayRecords
    /// The topic `.keys` must have been read before this offset.
    private var keysThrough: Int64 = 0

    init(_ relay: Relay) {
        self.relay = relay
        records = RelayRecords(topics: relay.topics, identity: relay.log.identity)
    }

    /// - Throws: `CancellationError`; `EventStoreError` where going on would do harm.
    mutating func perform(_ plan: RelayPlan) async throws -> RelayPlan.Outcome {
        switch plan.step {
        case .takeOver: return try await guarded { try await $0.takeOver() }
        case .findEnd: return try await guarded { try await $0.findEnd() }
        case .announce(let writer): return try await guarded { try await $0.announce(writer) }
        case .handOver(let checkpoint): return try await guarded { try await $0.handOver(checkpoint, plan.writerAt) }
        case .wait(let checkpoint): return try await wait(checkpoint)
        case .pause(let failures):
            try await relay.pause(relay.settings.backOff.pause(afterFailures: failures, chance: relay.random()))
            return .paused
        case .stop(let error): throw error
        }
    }

    mutating func end() async {
        await producer?.shutdown(grace: .seconds(5))
        producer = nil
    }

    private mutating func guarded(_ body: (inout RelaySession) async throws -> RelayPlan.Outcome) async throws -> RelayPlan.Outcome {
        do {
            return try await body(&self)
        } catch let error as KafkaError where !error.isLasting {
            relay.logger.warning("Handing over to Kafka failed", metadata: ["error": "\(error)"])
            relay.metrics.failures.increment()
            return error.isFenced ? .fenced : .unsure
        } catch let error as EventStoreError where error.code == .storageUnavailable || error.code == .diskFull {
            // The log resumes by itself.
            relay.logger.warning("Reading the log failed", metadata: ["error": "\(error)"])
            relay.metrics.failures.increment()
            return .failed
        }
    }

    private mutating func takeOver() async throws -> RelayPlan.Outcome {
        await end()
        // What was open is not known to have counted.
        (source, handover, keysThrough) = (nil, KeyHandover(), 0)
        let producer = try relay.makeProducer()
        self.producer = producer
        try await producer.initTransactions()
        return .tookOver
    }

    private mutating func findEnd() async throws -> RelayPlan.Outcome {
        let end = try await relay.tail.end()
        keysThrough = end?.keysThrough ?? 0
        return .foundEnd(end)
    }

    private mutating func announce(_ writer: WriterAnnouncement) async throws -> RelayPlan.Outcome {
        guard let producer else { return .unsure }
        // Only what is a beginning of this log may be announced.
        source = try relay.log.replicationSource(after: writer.checkpoint)
        let record = records.record(of: writer)
        var offset: Int64 = 0
        let failure = try await RelayTransaction(producer).run { offset = try await $0.send(record).offset }
        return failure ?? .announced(at: offset)
    }

    private mutating func handOver(_ checkpoint: ReplicationCheckpoint, _ writerAt: Int64?) async throws -> RelayPlan.Outcome {
        guard let producer else { return .unsure }
        if source?.checkpoint != checkpoint {
            source = try relay.log.replicationSource(after: checkpoint)
            relay.progress.advance(to: checkpoint, epoch: relay.log.epoch)
        }
        guard var tried = source else { return .unsure }
        let batch = try tried.next(limit: relay.settings.batchLimit, byteLimit: relay.settings.byteLimit)
        // After the batch was read: a key is durable before the first event that it seals.
        var tryingKeys = handover
        let keys = try relay.vault.map { try tryingKeys.next(of: $0, limit: relay.settings.keyLimit) } ?? []
        // A long list of keys goes by itself, and the batch after its end.
        let isKeysAlone = keys.count >= relay.settings.keyLimit
        guard let batch, !isKeysAlone else {
            guard !keys.isEmpty else { return .nothingNew }
            return try await send(keys, nil, producer) { $0.handover = tryingKeys } ?? .handedOver(checkpoint)
        }
        let seal = BatchSeal(
            epoch: batch.epoch,
            attempt: relay.random(),
            first: batch.first,
            last: batch.last,
            attachmentCount: batch.attachments.count,
            commandCount: batch.commands.count,
            rootHash: batch.rootHash,
            keysThrough: keysThrough,
            writerAt: writerAt,
            recordedAt: batch.events.last?.recordedAt.millisecondsSinceEpoch ?? 0,
            checkpoint: tried.checkpoint
        )
        let failure = try await send(keys, (batch, seal), producer) { session in
            session.handover = tryingKeys
            session.source = tried
        }
        if let failure { return failure }
        relay.note(batch, tried.checkpoint)
        return .handedOver(tried.checkpoint)
    }

    /// - Parameter commit: what to keep if all counts.
    private mutating func send(
        _ keys: [KeyRecord],
        _ batch: (LogBatch, BatchSeal)?,
        _ producer: KafkaProducer,
        commit: (inout RelaySession) -> Void
    ) async throws -> RelayPlan.Outcome? {
        let keyRecords = try records.records(of: keys)
        var parts: [KafkaRecord] = []
        if let batch { parts = records.records(of: batch.0, attempt: batch.1.attempt) }
        var through = keysThrough
        let began = ContinuousClock.now
        let records = records
        let failure = try await RelayTransaction(producer).run { producer in
            let offsets = try RelayTransaction.offsets(try await producer.send(keyRecords + parts))
            if !keyRecords.isEmpty { through = offsets[keyRecords.count - 1].offset + 1 }
            guard var seal = batch?.1 else { return }
            seal.keysThrough = through
            // Last, once all it covers is written: also who reads what is not committed never sees a seal without its batch.
            _ = try await producer.send(records.record(of: seal))
        }
        relay.metrics.transaction.recordNanoseconds((ContinuousClock.now - began).nanoseconds)
        if let failure {
            relay.metrics.failures.increment()
            return failure
        }
        keysThrough = through
        relay.metrics.keys.increment(by: keys.count)
        commit(&self)
        return nil
    }

    private func wait(_ checkpoint: ReplicationCheckpoint) async throws -> RelayPlan.Outcome {
        let log = relay.log
        guard relay.vault != nil else {
            try await log.nextNews(after: checkpoint.cursor)
            return .waited
        }
        let (pause, interval) = (relay.pause, relay.settings.keyInterval)
        try await withThrowingTaskGroup { group in
            group.addTask { try await log.nextNews(after: checkpoint.cursor) }
            // A key that changes wakes nobody.
            group.addTask { try await pause(interval) }
            try await group.next()
            group.cancelAll()
        }
        return .waited
    }
}

extension Duration {
    /// Whole nanoseconds; the largest number for what does not fit.
    var nanoseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : seconds &+ components.attoseconds / 1_000_000_000
    }
}
