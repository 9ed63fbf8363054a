import CoreMetrics
import EventStore
import Kafka
import Logging
import Sealing
import Timekeeping

/// One reading of the topics, from what is kept on; used by one task.
struct FollowerSession {
    private static let messageLimit = 4_000

    private let follower: ReplicaFollower
    private let consumer: KafkaConsumer
    private var assembler: BatchAssembler
    private var inbox: KeyInbox
    /// Whole, and not taken in yet.
    private var ready: [AssembledBatch] = []
    private var readyEvents = 0
    private var paused: Set<KafkaPartition> = []
    private var counted = AssemblyCounts()
    /// Keys are read through here before any is taken in: an older record may be wrapped under a key that nobody has any more.
    private let keysAtStart: Int64
    /// What is being taken in.
    private var work: Task<Void, any Error>?
    private let isDone = Flag()

    /// - Parameter consumer: gets its partitions here.
    init(_ follower: ReplicaFollower, _ consumer: KafkaConsumer) async throws {
        self.follower = follower
        self.consumer = consumer
        let (topics, log) = (follower.topics, follower.log)
        let partitions = try await consumer.topic(topics.events).partitions.map(\.number)
        keysAtStart = follower.vault == nil ? 0 : try await follower.tail.end()?.keysThrough ?? 0
        let kept = try log.replicaOffsets()
        func next(_ topic: String, _ partition: Int32) -> Int64? { kept.first { $0.topic == topic && $0.partition == partition }?.next }
        func place(_ topic: String, _ partition: Int32) -> KafkaOffset {
            KafkaOffset(topic: topic, partition: partition, offset: next(topic, partition) ?? KafkaOffset.beginning)
        }
        assembler = BatchAssembler(
            topics: topics,
            identity: log.identity,
            head: try log.head(),
            offsets: kept,
            eventPartitions: partitions.count,
            byteLimit: follower.settings.byteLimit
        )
        inbox = KeyInbox(topics: topics, identity: log.identity, next: next(topics.keys, 0) ?? 0)
        var places = partitions.map { place(topics.events, $0) } + [place(topics.log, 0)]
        if follower.vault != nil { places.append(place(topics.keys, 0)) }
        try await consumer.assign(places)
    }

    /// Follows until `end` is in the copy; for ever without one.
    mutating func run(until end: TopicEnd?) async throws {
        do {
            while try !has(end) {
                try take(try await next())
                if isDone.value { try await finish() }
                try await takeIn()
                try await balance()
            }
            try await finish()
        } catch {
            _ = try? await work?.value
            throw error
        }
    }

    private func has(_ end: TopicEnd?) throws -> Bool {
        guard let end else { return false }
        return assembler.logNext > end.offset && assembler.position >= end.position && ready.isEmpty
            && (follower.vault == nil || inbox.kept >= end.keysThrough)
    }

    /// The next messages; none if what is being taken in is done, or refused, before any come.
    private func next() async throws -> [KafkaMessage] {
        let consumer = consumer
        guard let work else { return try await consumer.next(limit: Self.messageLimit) }
        return try await withThrowingTaskGroup(of: [KafkaMessage].self) { group in
            group.addTask { try await consumer.next(limit: Self.messageLimit) }
            group.addTask {
                try await work.value
                return []
            }
            var messages = try await group.next() ?? []
            group.cancelAll()
            // Messages may have been handed out in the same moment.
            while let result = await group.nextResult() { messages += (try? result.get()) ?? [] }
            return messages
        }
    }

    private mutating func take(_ messages: [KafkaMessage]) throws {
        for message in messages {
            if message.topic == follower.topics.keys { try inbox.add(message) } else { try assembler.add(message) }
        }
    }

    /// Takes in what is whole, once the keys are there and what came before is done; meanwhile more is read and put together.
    private mutating func takeIn() async throws {
        while true {
            while readyEvents < follower.settings.groupLimit, let batch = assembler.next() {
                ready.append(batch)
                readyEvents += max(1, batch.batch.events.count)
            }
            let keysThrough = max(keysAtStart, ready.last?.keysThrough ?? 0)
            guard follower.vault == nil || inbox.next >= keysThrough, !ready.isEmpty || inbox.isBehind else { return }
            if let work {
                guard readyEvents >= follower.settings.groupLimit || isDone.value else { return }
                try await work.value
            }
            try keep()
        }
    }

    private mutating func keep() throws {
        var offsets = assembler.offsets()
        if let vault = follower.vault, inbox.isBehind {
            let (adopted, destroyed) = try inbox.empty(into: vault, masters: follower.masters)
            follower.metrics.keys.increment(by: adopted)
            follower.metrics.erasures.increment(by: destroyed)
        }
        if follower.vault != nil { offsets.append(ReplicaOffset(topic: follower.topics.keys, partition: 0, next: inbox.kept)) }
        count()
        let taken = ready
        ready = []
        readyEvents = 0
        isDone.value = false
        work = Task { [follower, offsets, isDone] in
            defer { isDone.value = true }
            let head = try await follower.log.replicate(taken.map(\.batch), offsets: offsets)
            follower.note(taken, head)
        }
    }

    private mutating func finish() async throws {
        let work = work
        self.work = nil
        try await work?.value
    }

    private mutating func balance() async throws {
        let wanted = try assembler.pausing()
        guard wanted != paused else { return }
        try await consumer.pause(Array(wanted.subtracting(paused)))
        try await consumer.resume(Array(paused.subtracting(wanted)))
        paused = wanted
    }

    private mutating func count() {
        let counts = assembler.counts
        follower.metrics.repeats.increment(by: counts.repeats - counted.repeats)
        follower.metrics.leftOvers.increment(by: counts.leftOvers - counted.leftOvers)
        counted = counts
    }
}
