internal import CRdKafka
internal import Synchronization

/// The records of one call on their way, and what became of each. librdkafka carries a pointer to a record's slot with the message and
/// gives it back with the delivery report, so that a report costs no allocation and no look-up.
///
/// `@unchecked Sendable`: a slot is written by the one thread that handed its record over or got its report, before `remaining` counts
/// it off, and read once `remaining` is 0; `next` belongs to whoever hands records over, one at a time (``ProducerCore`` sees to that).
final class DeliveryBatch: @unchecked Sendable {
    struct Slot {
        /// Valid as long as `remaining` is above 0: ``ProducerCore`` holds the batch until then.
        var batch: Unmanaged<DeliveryBatch>
        var offset: Int64
        var partition: Int32
        /// `notSent`, or librdkafka's code.
        var outcome: Int32
    }

    /// No code of librdkafka: the record was not handed over because the caller was cancelled.
    static let cancelled = Int32.min
    /// No code of librdkafka: the record can never fit the local queue.
    static let neverFits = Int32.min + 1

    let records: [KafkaRecord]
    let slots: UnsafeMutablePointer<Slot>
    let done = Promise<Void>()
    /// The first record that was not handed over.
    var next = 0
    /// Records without outcome, and one more until all are handed over.
    private let remaining: Atomic<Int>

    init(_ records: [KafkaRecord]) {
        self.records = records
        slots = .allocate(capacity: records.count)
        remaining = Atomic(records.count + 1)
        slots.initialize(repeating: Slot(batch: Unmanaged.passUnretained(self), offset: -1, partition: -1, outcome: 0), count: records.count)
    }

    deinit {
        slots.deallocate()
    }

    /// The caller went away.
    var isAbandoned: Bool { done.isSettled }

    /// Counts off; true for the last.
    func countOff(_ count: Int) -> Bool {
        remaining.subtract(count, ordering: .acquiringAndReleasing).newValue == 0
    }

    /// Gives all that were not handed over this outcome, and counts them off with the handing over itself; true when nothing is left.
    func endHandingOver(rest outcome: Int32 = 0) -> Bool {
        let rest = records.count - next
        for index in next..<records.count { slots[index].outcome = outcome }
        next = records.count
        return countOff(rest + 1)
    }

    /// What became of each record; only once nothing remains.
    func results(of client: NativeClient) -> [Result<KafkaOffset, KafkaError>] {
        records.indices.map { index in
            let slot = slots[index]
            guard slot.outcome != 0 else {
                return .success(KafkaOffset(topic: records[index].topic, partition: slot.partition, offset: slot.offset))
            }
            return .failure(failure(at: index, client))
        }
    }

    private func failure(at index: Int, _ client: NativeClient) -> KafkaError {
        let record = records[index]
        let place = record.partition.map { KafkaPartition(topic: record.topic, partition: $0).description } ?? record.topic
        let action = "A record for \(place) was not written"
        switch slots[index].outcome {
        case Self.cancelled:
            return KafkaError(.cancelled, "\(action): its sender was cancelled before. Send it again when it is still wanted.")
        case Self.neverFits:
            return KafkaError(
                .recordTooLarge,
                "\(action): it is larger than the local queue. Raise queue.buffering.max.kbytes and queue.buffering.max.messages."
            )
        case let code:
            let native = rd_kafka_resp_err_t(rawValue: code)
            do {
                return try client.use { KafkaError.of(native, client: $0, action) }
            } catch {
                return KafkaError(native, action)
            }
        }
    }
}
