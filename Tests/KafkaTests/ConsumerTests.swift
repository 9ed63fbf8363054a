import Kafka
import Testing

extension AllTests {
    @Suite struct ConsumerTests {
        private static func fill(_ cluster: TestCluster, _ topic: String, _ count: Int, partitions: Int = 1, size: Int = 0) async throws {
            let producer = try cluster.producer()
            let records = (0..<count).map {
                KafkaRecord(topic: topic, partition: Int32($0 % partitions), value: Array("\($0)".utf8) + [UInt8](repeating: 32, count: size))
            }
            for result in try await producer.send(records) { _ = try result.get() }
            await producer.shutdown()
        }

        @Test func `Assigned partitions are read from the given place to their end, and the end is told`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 2)
            try await Self.fill(cluster, topic, 20, partitions: 2)
            let consumer = try cluster.consumer()
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: 4), KafkaOffset(topic: topic, partition: 1, offset: 9)])
            var offsets: [Int32: [Int64]] = [:]
            while (offsets[0]?.count ?? 0) + (offsets[1]?.count ?? 0) < 7 {
                for message in try await consumer.next(limit: 2) { offsets[message.partition, default: []].append(message.offset) }
            }
            #expect(offsets == [0: Array(4..<10), 1: [9]])
            var ends: Set<KafkaOffset> = []
            for await event in consumer.events {
                if case .endOfPartition(let end) = event { ends.insert(end) }
                if ends.count == 2 { break }
            }
            #expect(ends == [KafkaOffset(topic: topic, partition: 0, offset: 10), KafkaOffset(topic: topic, partition: 1, offset: 10)])
            #expect(try await consumer.assignment().map(\.partition) == [0, 1])
            await consumer.shutdown()
        }

        @Test func `A group goes on where it committed, and no further`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await Self.fill(cluster, topic, 20)
            let place = KafkaPartition(topic: topic, partition: 0)
            let first = try cluster.consumer(group: topic)
            try await first.subscribe([topic])
            var read: [KafkaMessage] = []
            while read.count < 10 { read += try await first.next(limit: 10 - read.count) }
            #expect(try await first.committed([place]) == [:])
            try await first.commit([read[6].next])
            #expect(try await first.committed([place]) == [place: 7])
            await first.shutdown()
            let second = try cluster.consumer(group: topic)
            try await second.subscribe([topic])
            #expect(try await second.next(limit: 1).first?.offset == 7)
            await second.shutdown()
        }

        @Test func `Ends of a partition and a topic's partitions are told; unknown ones are refused by kind`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 3)
            try await Self.fill(cluster, topic, 7, partitions: 1)
            let consumer = try cluster.consumer()
            #expect(try await consumer.watermarks(of: KafkaPartition(topic: topic, partition: 0)) == KafkaWatermarks(low: 0, high: 7))
            #expect(try await consumer.watermarks(of: KafkaPartition(topic: topic, partition: 2)) == KafkaWatermarks(low: 0, high: 0))
            #expect(try await consumer.topic(topic).partitions.map(\.number) == [0, 1, 2])
            #expect(try await consumer.topic(topic).partitions.allSatisfy { $0.leader != nil })
            await #expect(throws: KafkaError(.unknownTopic, "")) { try await consumer.watermarks(of: KafkaPartition(topic: topic, partition: 9)) }
            await consumer.shutdown()
        }

        @Test func `After a seek nothing of before comes any more`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await Self.fill(cluster, topic, 5000)
            let consumer = try cluster.consumer()
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: KafkaOffset.beginning)])
            #expect(try await consumer.next(limit: 3).first?.offset == 0)
            for target in [4000, 17, 4990, 0] as [Int64] {
                try await consumer.seek(to: [KafkaOffset(topic: topic, partition: 0, offset: target)])
                var expected = target
                while expected < min(target + 10, 5000) {
                    for message in try await consumer.next(limit: 5) {
                        #expect(message.offset == expected)
                        expected += 1
                    }
                }
            }
            await #expect(throws: KafkaError.self) {
                try await consumer.seek(to: [KafkaOffset(topic: topic, partition: 44, offset: 0)])
            }
            await consumer.shutdown()
        }

        @Test func `A paused partition is silent, and loses nothing`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 2)
            try await Self.fill(cluster, topic, 3000, partitions: 2)
            let consumer = try cluster.consumer()
            try await consumer.assign([0, 1].map { KafkaOffset(topic: topic, partition: $0, offset: KafkaOffset.beginning) })
            var seen: [Int32: [Int64]] = [0: [], 1: []]
            for message in try await consumer.next(limit: 10) { seen[message.partition]?.append(message.offset) }
            let paused = KafkaPartition(topic: topic, partition: 0)
            try await consumer.pause([paused])
            let before = seen[0]?.count
            while (seen[1]?.count ?? 0) < 1500 {
                for message in try await consumer.next(limit: 100) { seen[message.partition]?.append(message.offset) }
            }
            #expect(seen[0]?.count == before)
            try await consumer.resume([paused])
            while (seen[0]?.count ?? 0) < 1500 {
                for message in try await consumer.next(limit: 100) { seen[message.partition]?.append(message.offset) }
            }
            #expect(seen == [0: Array(0..<1500), 1: Array(0..<1500)])
            await consumer.shutdown()
        }

        @Test func `A taker that is long away finds every message, in order`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let count = 9000
            try await Self.fill(cluster, topic, count)
            let consumer = try cluster.consumer()
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: KafkaOffset.beginning)])
            var offsets: [Int64] = []
            while offsets.count < count {
                // Longer than the consumer's patience: it has the brokers hold their messages meanwhile.
                if offsets.count < 2000 { try await Task.sleep(for: .milliseconds(1500)) }
                offsets += try await consumer.next(limit: 1000).map(\.offset)
            }
            #expect(offsets == Array(0..<Int64(count)))
            await consumer.shutdown()
        }

        @Test func `Cancelled takers take nothing away`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let consumer = try cluster.consumer()
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: KafkaOffset.beginning)])
            let idle = Task { try await consumer.next() }
            try await Task.sleep(for: .milliseconds(50))
            idle.cancel()
            await #expect(throws: CancellationError.self) { try await idle.value }
            let tally = Tally()
            let takers = (0..<8).map { taker in
                Task {
                    while true {
                        tally.add(try await consumer.next(limit: 3).map { "\($0.offset)" })
                        // Each gives up in the middle of it.
                        if taker < 4, tally.all.count > 20 * taker { withUnsafeCurrentTask { $0?.cancel() } }
                    }
                }
            }
            try await Self.fill(cluster, topic, 500)
            while tally.all.count < 500 { try await Task.sleep(for: .milliseconds(5)) }
            for taker in takers { taker.cancel() }
            for taker in takers { _ = await taker.result }
            #expect(tally.all.compactMap { Int($0) }.sorted() == Array(0..<500))
            await consumer.shutdown()
        }

        @Test func `Topics that are not there are told, and the consumer stays of use`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await Self.fill(cluster, topic, 1)
            let consumer = try cluster.consumer(["allow.auto.create.topics": "false"], group: topic)
            let missing = "\(topic).missing"
            // The mock creates what it is asked for, so it is told to refuse.
            if TestCluster.isMock { try await cluster.tell("topicerror \(missing) 3") }
            try await consumer.subscribe([missing])
            let error = await #expect(throws: KafkaError.self) { try await consumer.next() }
            #expect(error?.code == .unknownTopic)
            #expect(error?.message.contains(missing) == true)
            try await consumer.subscribe([topic])
            #expect(try await consumer.next().count == 1)
            await consumer.shutdown()
        }

        @Test func `A place that is gone is an error where no reset is wanted`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await Self.fill(cluster, topic, 3)
            let consumer = try cluster.consumer(["auto.offset.reset": "error"])
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: 100)])
            await #expect(throws: KafkaError(.offsetOutOfRange, "")) { try await consumer.next() }
            await consumer.shutdown()
        }

        @Test func `Without a group there is nothing to subscribe or commit`() async throws {
            let consumer = try await TestCluster().consumer()
            await #expect(throws: KafkaError(.invalidRequest, "")) { try await consumer.subscribe(["a"]) }
            await #expect(throws: KafkaError(.invalidRequest, "")) { try await consumer.commit([KafkaOffset(topic: "a", partition: 0, offset: 1)]) }
            await #expect(throws: KafkaError(.invalidRequest, "")) { _ = try await consumer.membership() }
            await consumer.shutdown()
        }

        @Test func `After shutdown every call says closed, and waiting takers too`() async throws {
            let consumer = try await TestCluster().consumer(group: "g")
            let waiting = Task { try await consumer.next() }
            try await Task.sleep(for: .milliseconds(50))
            await consumer.shutdown()
            await consumer.shutdown()
            await #expect(throws: KafkaError(.closed, "")) { try await waiting.value }
            await #expect(throws: KafkaError(.closed, "")) { try await consumer.next() }
            await #expect(throws: KafkaError(.closed, "")) { try await consumer.subscribe(["a"]) }
            await #expect(throws: KafkaError(.closed, "")) { try await consumer.assignment() }
            await #expect(throws: KafkaError(.closed, "")) { try await consumer.watermarks(of: KafkaPartition(topic: "a", partition: 0)) }
            for await _ in consumer.events {}
        }
    }
}
