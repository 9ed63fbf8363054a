public import EventStore
public import Kafka

/// Puts batches together again from what the topics `.events` and `.log` bring, in whatever order the partitions are read.
///
/// A value without I/O: messages in, whole batches out, in the log's order. Records that come again, those of batches that were given up,
/// and those of a writer that was replaced are recognised and passed over; what cannot be explained stops it with an error. Cost grows with
/// the number of records alone. What it holds is bounded, if whoever feeds it obeys ``pausing()``.
///
/// ```swift
/// for message in try await consumer.next() { try assembler.add(message) }
/// while let next = try assembler.next() { batches.append(next.batch) }
/// try await log.replicate(batches, offsets: assembler.offsets())
/// ```
public struct BatchAssembler: Sendable {
    /// What came so far.
    public private(set) var counts = AssemblyCounts()
    /// Position of the last event given out.
    public private(set) var position: Int64
    /// Of the newest writer that the topic `.log` told of.
    public private(set) var epoch: Int64

    private let topics: Topics
    private let byteLimit: Int
    private let eventPartitions: Int
    private var eventDecoder: EventDecoder
    private var logDecoder: LogRecordDecoder
    private var queues: [Int32: PartitionQueue] = [:]
    private var events = PendingEvents()
    private var batches: PendingBatches
    private var recent: RecentLeaves
    /// Where the batches that were sealed end.
    private var sealedThrough: Int64
    /// All events of the next batch through this position are there.
    private var availableThrough: Int64
    private var paused: Set<KafkaPartition> = []

    /// - Parameters:
    ///   - identity: of the log.
    ///   - head: of the log that the batches go to.
    ///   - offsets: as they were kept with the last batches; a partition that is not among them is read from its beginning.
    ///   - eventPartitions: of the topic `.events`.
    ///   - byteLimit: how much may be held before partitions are paused; one batch is held whatever its size.
    public init(
        topics: Topics,
        identity: String,
        head: LogHead,
        offsets: [ReplicaOffset],
        eventPartitions: Int,
        byteLimit: Int = 64 << 20
    ) {
        self.topics = topics
        self.byteLimit = max(1, byteLimit)
        self.eventPartitions = eventPartitions
        eventDecoder = EventDecoder(identity: identity)
        logDecoder = LogRecordDecoder(identity: identity)
        position = head.position
        epoch = head.epoch
        sealedThrough = head.position
        availableThrough = head.position
        recent = RecentLeaves(after: head.position)
        var logNext: Int64 = 0
        for offset in offsets {
            if offset.topic == topics.log { logNext = offset.next }
            if offset.topic == topics.events { queues[offset.partition] = PartitionQueue(next: offset.next) }
        }
        batches = PendingBatches(next: logNext)
    }

    /// Bytes held, about.
    public var heldBytes: Int { events.bytes + batches.bytes }

    /// The offset in the topic `.log` that comes next.
    public var logNext: Int64 { batches.next }

    /// Takes a message of the topics `.events` or `.log` in; those of one partition in their order.
    ///
    /// - Throws: ``StreamingError`` `malformedRecord`, `wrongTerritory`, `forked`, `missingRecords`: nothing good comes after it.
    public mutating func add(_ message: KafkaMessage) throws(StreamingError) {
        if message.topic == topics.events {
            try addEvent(message)
        } else if message.topic == topics.log {
            guard message.offset >= batches.next else { return }
            try addLogRecord(message)
            batches.read(message.offset)
        }
    }

    /// The next whole batch; nil until more has come.
    public mutating func next() -> AssembledBatch? {
        guard let front = batches.first, isComplete(front.seal) else { return nil }
        let seal = front.seal
        var batch = LogBatch(
            events: [],
            attachments: front.parts.attachments,
            commands: front.parts.commands,
            epoch: seal.epoch,
            last: seal.last,
            rootHash: seal.rootHash
        )
        if seal.last > position {
            batch.events.reserveCapacity(Int(clamping: seal.last - position))
            let before = position
            while position < seal.last, let record = events.remove(position + 1) {
                position += 1
                recent.append(record.event.leafHash, epoch: record.epoch)
                batch.events.append(record.event)
            }
            if seal.first <= before { batch.attachments.removeAll { $0.position <= before } }
        } else {
            batch.attachments = []
        }
        batches.removeFirst()
        counts.batches += 1
        return AssembledBatch(batch: batch, keysThrough: seal.keysThrough, recordedAt: seal.recordedAt, offset: front.offset)
    }

    /// What to keep with the batches given out so far: in each partition the first record that is still needed.
    public mutating func offsets() -> [ReplicaOffset] {
        var offsets = [ReplicaOffset(topic: topics.log, partition: 0, next: batches.firstNeeded)]
        for partition in queues.keys.sorted() {
            guard let next = queues[partition]?.firstNeeded(after: position) else { continue }
            offsets.append(ReplicaOffset(topic: topics.events, partition: partition, next: next))
        }
        return offsets
    }

    /// The partitions that run ahead of the others while too much is held: not to be read until they are not among these any more.
    ///
    /// - Throws: ``StreamingError`` `missingRecords` if all partitions are beyond the next batch, and it is not whole.
    public mutating func pausing() throws(StreamingError) -> Set<KafkaPartition> {
        // Not at the limit itself, so that partitions are not paused and resumed at each message.
        guard heldBytes > (paused.isEmpty ? byteLimit : byteLimit / 2) else {
            paused = []
            return paused
        }
        let front = batches.first?.seal
        let target = front?.last ?? position
        let floor = front?.epoch ?? 0
        let ahead = queues.filter { $0.value.lastPosition >= target && $0.value.lastEpoch >= floor }
        if let front, ahead.count >= eventPartitions, !isComplete(front) {
            throw .missing("All partitions were read beyond a batch that is not whole: events are missing", position: availableThrough + 1)
        }
        paused = Set(ahead.keys.map { KafkaPartition(topic: topics.events, partition: $0) })
        if front != nil { paused.insert(topics.logPartition) }
        return paused
    }

    // MARK: Events

    private mutating func addEvent(_ message: KafkaMessage) throws(StreamingError) {
        if let queue = queues[message.partition], message.offset < queue.next { return }
        let record = try eventDecoder.event(of: message)
        counts.events += 1
        let isNeeded = try take(record)
        queues[message.partition, default: PartitionQueue(next: message.offset)]
            .read(message.offset, position: record.event.position, epoch: record.epoch, isNeeded: isNeeded)
    }

    /// - Returns: whether the record is held.
    private mutating func take(_ record: EventRecord) throws(StreamingError) -> Bool {
        guard record.event.position > position else {
            try compare(record)
            return false
        }
        guard record.epoch >= batches.first?.seal.epoch ?? epoch else {
            counts.leftOvers += 1
            return false
        }
        switch try events.add(record) {
        case .added: break
        case .repeated: counts.repeats += 1
        case .superseded: counts.leftOvers += 1
        }
        return true
    }

    /// Sees that an event that came again is the one that was given out; too old ones are taken on trust, as the log has them.
    private mutating func compare(_ record: EventRecord) throws(StreamingError) {
        let position = record.event.position
        guard let known = recent.leaf(at: position), known.hash != record.event.leafHash else {
            counts.repeats += 1
            return
        }
        guard record.epoch < known.epoch else { throw .forked("An event", at: position, epoch: record.epoch) }
        counts.leftOvers += 1
    }

    /// Whether all events of the next batch are there, and none is what a replaced writer left.
    private mutating func isComplete(_ seal: BatchSeal) -> Bool {
        if availableThrough < position { availableThrough = position }
        while availableThrough < seal.last, let record = events[availableThrough + 1], record.epoch >= seal.epoch { availableThrough += 1 }
        return availableThrough >= seal.last
    }

    // MARK: Log

    private mutating func addLogRecord(_ message: KafkaMessage) throws(StreamingError) {
        let record = try logDecoder.record(of: message)
        guard record.epoch >= epoch else {
            counts.leftOvers += 1
            if case .batch(let seal) = record { counts.leftOvers += batches.drop(attempt: seal.attempt) }
            return
        }
        switch record {
        case .attachment(let attachment, let epoch, let attempt):
            counts.leftOvers += batches.add(attachment, epoch, attempt, at: message.offset)
        case .command(let command, let epoch, let attempt):
            counts.leftOvers += batches.add(command, epoch, attempt, at: message.offset)
        case .batch(let seal):
            guard seal.first - 1 <= sealedThrough else { throw .missing("Batches are missing", position: sealedThrough + 1) }
            counts.leftOvers += try batches.seal(seal, at: message.offset)
            sealedThrough = max(sealedThrough, seal.last)
            epoch = seal.epoch
        case .writer(let writer):
            try take(writer, at: message.offset)
        }
    }

    /// A new writer begins where the batches of the one before end; an empty batch of its epoch tells the log.
    private mutating func take(_ writer: WriterAnnouncement, at offset: Int64) throws(StreamingError) {
        guard writer.epoch > epoch else { return }
        guard writer.position <= sealedThrough else { throw .missing("Batches are missing", position: sealedThrough + 1) }
        guard writer.position == sealedThrough else {
            throw .forked("A new writer begins where the one before had gone on: the log", at: writer.position + 1, epoch: writer.epoch)
        }
        let seal = BatchSeal(
            epoch: writer.epoch,
            attempt: 0,
            first: writer.position + 1,
            last: writer.position,
            attachmentCount: 0,
            commandCount: 0,
            rootHash: writer.rootHash,
            keysThrough: 0,
            writerAt: offset,
            recordedAt: 0,
            checkpoint: writer.checkpoint
        )
        counts.leftOvers += batches.drop { $0.epoch < writer.epoch }
        counts.leftOvers += batches.drop(attempt: seal.attempt)
        counts.leftOvers += try batches.seal(seal, at: offset)
        epoch = writer.epoch
    }
}
