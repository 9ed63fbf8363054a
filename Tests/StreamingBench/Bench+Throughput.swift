import EventStore
import Kafka
import Streaming
import Timekeeping

extension Bench {
    /// Records of events made, and read again.
    func codec() async throws {
        let payload = payload(0)
        let event = RecordedEvent(
            position: 123_456,
            version: 7,
            stream: stream(5),
            id: ids.next(),
            type: "fr.relais.pathway.patient-discharged.v1",
            source: "urn:finess:850000084",
            time: Instant(millisecondsSinceEpoch: 1_795_336_200_123, offsetMinutes: 60),
            recordedAt: Instant(millisecondsSinceEpoch: 1_795_336_200_456),
            actor: "urn:rpps:10003456789",
            causation: ids.next(),
            correlation: ids.next(),
            keyID: "AbCdEfGhIjKlMnOp",
            attachmentHash: nil,
            payload: payload,
            leafHash: Hash256.of(payload)
        )
        var encoder = EventEncoder(topics: topics, identity: "bench")
        var decoder = EventDecoder(identity: "bench")
        let rounds = 300_000
        var bytes = 0
        let began = ContinuousClock.now
        for _ in 0..<rounds { bytes += encoder.record(of: event, epoch: 1).headers.count }
        report("encode", rounds, ContinuousClock.now - began)
        let record = encoder.record(of: event, epoch: 1)
        let message = KafkaMessage(topic: record.topic, partition: 0, offset: 1, key: record.key, value: record.value, headers: record.headers)
        let middle = ContinuousClock.now
        for _ in 0..<rounds { bytes += try decoder.event(of: message).event.payload.count }
        report("decode", rounds, ContinuousClock.now - middle)
        let size = record.headers.reduce(0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) + 4 } + payload.count
        print("a record of \(payload.count) bytes of payload has about \(size) bytes (\(bytes > 0 ? "ok" : ""))")
    }

    /// A log to hand over.
    func fill() async throws {
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            var running = 0
            for number in 0..<count / together {
                let request = AppendRequest(
                    command: CommandKey(scope: "bench", key: "\(number)", body: [], match: .keyAlone),
                    writes: [
                        StreamWrite(stream: stream(number % 20_000), expected: .any, events: (0..<together).map { event(number * together + $0) })
                    ]
                )
                if running >= 200 {
                    try await group.next()
                    running -= 1
                }
                running += 1
                group.addTask { _ = try await origin.append(request) }
            }
            try await group.waitForAll()
        }
        report("append", count, ContinuousClock.now - began)
    }

    /// The same events by the bare producer, without transactions or seals, 2,000 at once.
    func bare() async throws {
        let producer = try KafkaProducer(configuration: bareConfiguration, logger: logger)
        var encoder = EventEncoder(topics: topics, identity: "bench")
        let events = try origin.read(after: 0, limit: 2_000)
        let records = events.map { event in
            var record = encoder.record(of: event, epoch: 0)
            record.topic = "relais.bench.bare"
            return record
        }
        _ = try await producer.send(Array(records.prefix(1)))
        let began = ContinuousClock.now
        for _ in 0..<count / 2_000 { for result in try await producer.send(records) { _ = try result.get() } }
        report("bare producer", count / 2_000 * 2_000, ContinuousClock.now - began)
        await producer.shutdown()
    }

    private var bareConfiguration: KafkaConfiguration {
        var bare = configuration
        bare.settings = ["linger.ms": "1", "compression.type": "lz4", "queue.buffering.max.messages": "200000"]
        return bare
    }

    func makeRelay(_ progress: ReplicationProgress) -> Relay {
        Relay(
            log: origin,
            vault: nil,
            topics: topics,
            configuration: configuration,
            progress: progress,
            random: { Self.attempt },
            logger: logger
        )
    }

    var follower: ReplicaFollower {
        ReplicaFollower(log: copy, vault: nil, topics: topics, configuration: configuration, logger: logger)
    }

    func relay() async throws {
        let run = try await relayed()
        report("relay", run.events, run.duration)
        report("relay with its start", count, run.whole)
    }

    /// - Returns: how many events followed the first transaction, and how long they took; and how long all took, with reading the topic's end.
    func relayed() async throws -> (events: Int, duration: Duration, whole: Duration) {
        let progress = ReplicationProgress()
        let relay = makeRelay(progress)
        let end = try origin.replicationEnd()
        let began = ContinuousClock.now
        let running = Task { try await relay.run() }
        try await progress.wait(through: LogCursor(position: 1, command: 0))
        let first = ContinuousClock.now
        let done = Int(progress.cursor.position)
        try await progress.wait(through: end)
        let now = ContinuousClock.now
        running.cancel()
        try await running.value
        return (count - done, now - first, now - began)
    }

    func follow() async throws {
        let began = ContinuousClock.now
        try await follower.catchUp()
        report("follower", count, ContinuousClock.now - began)
        guard try copy.head().rootHash == origin.head().rootHash else {
            print("the copy is not the log")
            return
        }
    }
}
