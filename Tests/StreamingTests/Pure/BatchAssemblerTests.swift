import EventStore
import Kafka
import Streaming
import TestSupport
import Testing

/// Batches come out whole and in order, in whatever order their records come in.
@Suite(.timeLimit(.minutes(30))) struct BatchAssemblerTests {
    /// Reads a model's partitions in a random order.
    private struct Reading {
        var assembler: BatchAssembler
        var next: [KafkaPartition: Int] = [:]
        var given: [AssembledBatch] = []
        var longestHeld = 0

        init(_ model: TopicModel, head: LogHead = LogHead(position: 0, rootHash: Hash256.of([]), epoch: 0), offsets: [ReplicaOffset] = [], limit: Int)
        {
            assembler = BatchAssembler(
                topics: model.topics,
                identity: TopicModel.identity,
                head: head,
                offsets: offsets,
                eventPartitions: TopicModel.partitions,
                byteLimit: limit
            )
            for offset in offsets {
                let place = KafkaPartition(topic: offset.topic, partition: offset.partition)
                let messages = model.messages[place] ?? []
                next[place] = messages.firstIndex { $0.offset >= offset.next } ?? messages.count
            }
        }

        /// - Parameter through: stops after this many batches.
        mutating func run(_ model: TopicModel, _ random: inout SplitMix64, through last: Int = .max) throws {
            while given.count < last {
                let paused = try assembler.pausing()
                let open = model.messages.keys.filter { next[$0] ?? 0 < (model.messages[$0]?.count ?? 0) && !paused.contains($0) }
                guard let place = open.sorted().randomElement(using: &random) else { return }
                // As a consumer: several messages of one partition at once.
                for _ in 0..<Int.random(in: 1...20, using: &random) {
                    let index = next[place] ?? 0
                    guard let messages = model.messages[place], index < messages.count else { break }
                    try assembler.add(messages[index])
                    next[place] = index + 1
                }
                longestHeld = max(longestHeld, assembler.heldBytes)
                while given.count < last, let batch = assembler.next() { given.append(batch) }
            }
        }
    }

    /// A past with everything in it that can happen.
    private func past(_ seed: UInt64, rounds: Int = 60) throws -> TopicModel {
        var model = try TopicModel(seed: seed)
        var random = SplitMix64(seed: seed &+ 77)
        var before: LogBatch?
        for _ in 0..<rounds {
            let batch = model.batch(events: Int.random(in: 0...9, using: &random))
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                // Given up, then once more, perhaps after the log was opened again.
                for _ in 0..<Int.random(in: 1...3, using: &random) { try model.publish(batch, isWhole: false) }
                if Bool.random(using: &random) { model.reopen() }
                var again = batch
                again.epoch = model.epoch
                try model.add(again)
            case 1:
                // A writer that is replaced has half a batch out, that nobody has.
                try model.publish(batch, isWhole: false)
                let old = model.epoch
                try model.replaceWriter()
                // And one that came to its end too late.
                try model.publish(batch, epoch: old)
                try model.add(model.batch(events: 4))
            default:
                try model.add(batch)
            }
            // What was published already comes whole again: as after a relay that could not know.
            if Int.random(in: 0..<15, using: &random) == 0, let before, before.epoch == model.epoch { try model.publish(before, isWhole: false) }
            before = model.batches.last
        }
        return model
    }

    @Test(arguments: 100..<140 as Range<UInt64>) func `batches come out as they went in, whatever the order of reading`(seed: UInt64) throws {
        let model = try past(seed)
        var random = SplitMix64(seed: seed)
        for limit in [1 << 30, 4_000] {
            var reading = Reading(model, limit: limit)
            try reading.run(model, &random)
            #expect(reading.given.map(\.batch) == model.batches, "seed \(seed)")
            #expect(reading.assembler.position == model.position, "seed \(seed)")
        }
    }

    @Test(arguments: 200..<230 as Range<UInt64>) func `reading goes on from the kept offsets after any batch`(seed: UInt64) throws {
        let model = try past(seed)
        var random = SplitMix64(seed: seed)
        var given: [LogBatch] = []
        var offsets: [ReplicaOffset] = []
        var head = LogHead(position: 0, rootHash: Hash256.of([]), epoch: 0)
        var starts = 0
        while given.count < model.batches.count {
            var reading = Reading(model, head: head, offsets: offsets, limit: 8_000)
            try reading.run(model, &random, through: Int.random(in: 1...40, using: &random))
            try #require(!reading.given.isEmpty, "seed \(seed), after \(given.count) of \(model.batches.count)")
            given += reading.given.map(\.batch)
            offsets = reading.assembler.offsets()
            if let last = given.last { head = LogHead(position: last.last, rootHash: last.rootHash, epoch: last.epoch) }
            starts += 1
        }
        #expect(given == model.batches, "seed \(seed)")
        #expect(starts > 1)
    }

    @Test(arguments: 300..<310 as Range<UInt64>) func `what is held stays bounded when partitions run ahead`(seed: UInt64) throws {
        var model = try TopicModel(seed: seed)
        for _ in 0..<400 { try model.add(model.batch(events: 10)) }
        var random = SplitMix64(seed: seed)
        let all = 400 * 10 * 550
        let limit = all / 20
        var reading = Reading(model, limit: limit)
        try reading.run(model, &random)
        #expect(reading.given.map(\.batch) == model.batches, "seed \(seed)")
        #expect(reading.longestHeld < 2 * limit, "seed \(seed): \(reading.longestHeld) of \(all)")
    }

    @Test func `two events of one writer for one position stop the follower`() throws {
        var model = try TopicModel(seed: 1)
        let one = model.batch(events: 5)
        let other = model.batch(events: 5)
        try model.publish(other, isWhole: true)
        try model.add(one)
        var random = SplitMix64(seed: 1)
        var reading = Reading(model, limit: 1 << 30)
        #expect(throws: StreamingError(.forked, "")) { try reading.run(model, &random) }
    }

    @Test func `a later event for a position that was given out stops the follower, an older writer's does not`() throws {
        for isLater in [true, false] {
            var model = try TopicModel(seed: 2)
            model.reopen()
            let other = model.batch(events: 3)
            try model.add(model.batch(events: 3))
            var random = SplitMix64(seed: 1)
            var reading = Reading(model, limit: 1 << 30)
            try reading.run(model, &random)
            for event in other.events {
                var encoder = EventEncoder(topics: model.topics, identity: TopicModel.identity)
                model.append(encoder.record(of: event, epoch: isLater ? 3 : 1))
            }
            if isLater {
                #expect(throws: StreamingError(.forked, "")) { try reading.run(model, &random) }
            } else {
                try reading.run(model, &random)
                #expect(reading.assembler.counts.leftOvers == 3)
            }
        }
    }

    @Test func `a topic that was cut is not taken for a log`() throws {
        var model = try TopicModel(seed: 3)
        for _ in 0..<10 { try model.add(model.batch(events: 5)) }
        let log = KafkaPartition(topic: model.topics.log, partition: 0)
        let middle = try #require(model.messages[log]).count / 2
        var random = SplitMix64(seed: 1)
        var reading = Reading(model, limit: 1 << 30)
        reading.next[log] = middle
        #expect(throws: StreamingError(.missingRecords, "")) { try reading.run(model, &random) }
    }

    @Test func `a partition without some events stops the follower once memory is used up`() throws {
        var model = try TopicModel(seed: 4)
        for _ in 0..<100 { try model.add(model.batch(events: 10)) }
        var random = SplitMix64(seed: 1)
        var reading = Reading(model, limit: 20_000)
        reading.next[KafkaPartition(topic: model.topics.events, partition: 2)] = 7
        #expect(throws: StreamingError(.missingRecords, "")) { try reading.run(model, &random) }
    }

    @Test func `another territory's records are refused`() throws {
        var model = try TopicModel(seed: 5)
        try model.add(model.batch(events: 5))
        var assembler = BatchAssembler(
            topics: model.topics,
            identity: "other",
            head: LogHead(position: 0, rootHash: Hash256.of([]), epoch: 0),
            offsets: [],
            eventPartitions: 1
        )
        for message in model.messages.values.flatMap({ $0 }) {
            #expect(throws: StreamingError(.wrongTerritory, "")) { try assembler.add(message) }
        }
    }
}
