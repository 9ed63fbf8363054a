import EventStore
import Kafka
import Streaming
import TestSupport

/// The topics `.events` and `.log` as lists, with what becomes of them: batches, batches given up half-way, batches that come twice,
/// writers that are replaced.
struct TopicModel {
    static let identity = "test"
    static let partitions = 5

    let topics: Topics
    var made: Made
    private var encoder: EventEncoder
    private let logEncoder: LogRecordEncoder
    private(set) var messages: [KafkaPartition: [KafkaMessage]] = [:]
    /// What a follower must be given, in order; those that come twice stand here once.
    private(set) var batches: [LogBatch] = []
    private var frontier = MerkleFrontier()
    private(set) var epoch: Int64 = 1
    private var writerAt: Int64?
    private var commands: Int64 = 0
    private var attempts: UInt64 = 0
    private var parts: [KafkaPartition: Int64] = [:]

    init(seed: UInt64) throws {
        topics = try Topics(territory: "demo")
        made = Made(seed: seed)
        encoder = EventEncoder(topics: topics, identity: Self.identity)
        logEncoder = LogRecordEncoder(topics: topics, identity: Self.identity)
    }

    var position: Int64 { frontier.size }

    private mutating func chance(_ of: Int) -> Bool { Int.random(in: 0..<of, using: &made.random) == 0 }

    /// A batch after the last, not yet published.
    mutating func batch(events count: Int) -> LogBatch {
        var batch = LogBatch(events: [], attachments: [], commands: [], epoch: epoch, last: 0, rootHash: Hash256.of([]))
        var frontier = frontier
        for _ in 0..<count {
            let position = frontier.size + 1
            let attachment = chance(4) ? made.bytes(30) : nil
            batch.events.append(made.event(position: position, attachment: attachment))
            if let attachment { batch.attachments.append(ReplicatedAttachment(position: position, bytes: attachment)) }
            if chance(2) { batch.commands.append(made.command(position: position)) }
            frontier.append(batch.events[batch.events.count - 1].leafHash)
        }
        if count == 0 { batch.commands.append(made.command(position: frontier.size)) }
        (batch.last, batch.rootHash) = (frontier.size, frontier.root)
        return batch
    }

    /// - Parameter isWhole: false for one that was given up amid its records.
    mutating func publish(_ batch: LogBatch, isWhole: Bool = true, epoch: Int64? = nil) throws {
        attempts += 1
        let epoch = epoch ?? batch.epoch
        var records = batch.events.map { encoder.record(of: $0, epoch: epoch) }
        records += batch.attachments.map { logEncoder.record(of: .attachment($0, epoch: epoch, attempt: attempts)) }
        records += batch.commands.map { logEncoder.record(of: .command($0, epoch: epoch, attempt: attempts)) }
        guard isWhole else {
            // A producer keeps the order within a partition: what it gives up is the end.
            var ended: Set<KafkaPartition> = []
            for record in records {
                let place = place(of: record)
                if chance(4) { ended.insert(place) }
                if !ended.contains(place) { append(record) }
            }
            return
        }
        for record in records { append(record) }
        append(logEncoder.record(of: .batch(try seal(batch, epoch))))
    }

    /// Publishes a batch that a follower must get, at last.
    mutating func add(_ batch: LogBatch) throws {
        try publish(batch)
        for event in batch.events { frontier.append(event.leafHash) }
        commands += Int64(batch.commands.count)
        batches.append(batch)
    }

    /// A new writer takes over.
    mutating func replaceWriter() throws {
        let previous = try checkpoint(frontier, commands)
        let old = epoch
        epoch = (epoch >> 32 + 1) << 32
        let writer = WriterAnnouncement(
            epoch: epoch,
            checkpoint: previous,
            previousEpoch: old,
            previousCheckpoint: previous,
            previousAt: writerAt
        )
        writerAt = Int64(messages[KafkaPartition(topic: topics.log, partition: 0)]?.count ?? 0)
        append(logEncoder.record(of: .writer(writer)))
        batches.append(LogBatch(events: [], attachments: [], commands: [], epoch: epoch, last: position, rootHash: frontier.root))
    }

    /// The same writer opens its log again.
    mutating func reopen() { epoch += 1 }

    mutating func append(_ record: KafkaRecord) {
        let place = place(of: record)
        // What ends a transaction takes a place too.
        if chance(10) { parts[place, default: 0] += 1 }
        let offset = parts[place, default: 0]
        parts[place] = offset + 1
        messages[place, default: []].append(record.message(partition: place.partition, offset: offset))
    }

    private func place(of record: KafkaRecord) -> KafkaPartition {
        let isEvent = record.topic == topics.events
        let partition = isEvent ? Int32((record.key ?? []).reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % Self.partitions) : 0
        return KafkaPartition(topic: record.topic, partition: partition)
    }

    private func seal(_ batch: LogBatch, _ epoch: Int64) throws -> BatchSeal {
        var after = frontier
        for event in batch.events where event.position > after.size { after.append(event.leafHash) }
        return BatchSeal(
            epoch: epoch,
            attempt: attempts,
            first: batch.first,
            last: batch.last,
            attachmentCount: batch.attachments.count,
            commandCount: batch.commands.count,
            rootHash: after.root,
            keysThrough: 0,
            writerAt: writerAt,
            recordedAt: 0,
            checkpoint: try checkpoint(after, commands + Int64(batch.commands.count))
        )
    }

    private struct Impossible: Error {}

    private func checkpoint(_ frontier: MerkleFrontier, _ commands: Int64) throws -> ReplicationCheckpoint {
        guard let checkpoint = ReplicationCheckpoint(cursor: LogCursor(position: frontier.size, command: commands), frontier: frontier) else {
            throw Impossible()
        }
        return checkpoint
    }
}
