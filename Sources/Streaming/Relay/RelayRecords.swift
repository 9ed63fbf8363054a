import EventStore
import Kafka

/// Makes the records of a transaction.
struct RelayRecords {
    private var events: EventEncoder
    private let log: LogRecordEncoder
    private let keys: KeyRecordCodec

    init(topics: Topics, identity: String) {
        events = EventEncoder(topics: topics, identity: identity)
        log = LogRecordEncoder(topics: topics, identity: identity)
        keys = KeyRecordCodec(topics: topics, identity: identity)
    }

    /// The keys and a marker behind them; nothing without keys.
    func records(of changed: [KeyRecord]) throws -> [KafkaRecord] {
        guard !changed.isEmpty else { return [] }
        return try (changed + [.marker]).map { try keys.record(of: $0) }
    }

    /// All of a batch but its seal.
    mutating func records(of batch: LogBatch, attempt: UInt64) -> [KafkaRecord] {
        var records: [KafkaRecord] = []
        records.reserveCapacity(batch.events.count + batch.attachments.count + batch.commands.count)
        for event in batch.events { records.append(events.record(of: event, epoch: batch.epoch)) }
        for attachment in batch.attachments {
            records.append(log.record(of: .attachment(attachment, epoch: batch.epoch, attempt: attempt)))
        }
        for command in batch.commands { records.append(log.record(of: .command(command, epoch: batch.epoch, attempt: attempt))) }
        return records
    }

    func record(of seal: BatchSeal) -> KafkaRecord { log.record(of: .batch(seal)) }

    func record(of writer: WriterAnnouncement) -> KafkaRecord { log.record(of: .writer(writer)) }
}
