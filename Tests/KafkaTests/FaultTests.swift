import Kafka
import Testing

extension AllTests {
    @Suite(.enabled(if: TestCluster.isMock)) struct FaultTests {
        /// Kafka's number of the Produce request.
        private static let produce = 0

        @Test func `Records sent while all brokers are down arrive once they are back`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [0]))
            try await cluster.tell("broker down -1")
            async let results = producer.send((1..<100).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            try await Task.sleep(for: .milliseconds(200))
            try await cluster.tell("broker up -1")
            #expect(try await results.map { try $0.get().offset } == Array(1..<100))
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).compactMap { $0.value?.first } == Array(0..<100))
        }

        @Test func `Without any broker a record fails as timed out, and may be sent again`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["message.timeout.ms": "1000"])
            try await cluster.tell("broker down -1")
            let results = try await producer.send([KafkaRecord(topic: topic, partition: 0, value: [1])])
            #expect(results.map { code(of: $0) } == ["timedOut"])
            if case .failure(let error) = results[0] { #expect(error.isRetriable && !error.isFatal) }
            try await cluster.tell("broker up -1")
            await producer.shutdown()
        }

        @Test func `A change of leader loses nothing and repeats nothing`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            for leader in [1, 2, 3, 1] {
                try await cluster.tell("leader \(topic) 0 \(leader)")
                for result in try await producer.send((0..<50).map { KafkaRecord(topic: topic, partition: 0, value: [UInt8(leader), $0]) }) {
                    _ = try result.get()
                }
            }
            await producer.shutdown()
            let expected: [[UInt8]] = [1, 2, 3, 1].flatMap { (leader: UInt8) -> [[UInt8]] in (0..<50).map { [leader, $0] } }
            #expect(try await cluster.contents(of: topic).compactMap(\.value) == expected)
        }

        /// NOT_LEADER_FOR_PARTITION, REQUEST_TIMED_OUT, NOT_ENOUGH_REPLICAS, a cut connection.
        @Test(arguments: [6, 7, 19, -195]) func `Faults that pass are retried to success`(native: Int) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["retry.backoff.ms": "20"])
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [0]))
            try await cluster.tell("error \(Self.produce) \(native) 3")
            let results = try await producer.send((1..<20).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            #expect(results.map { code(of: $0) } == Array(repeating: "success", count: 19))
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).compactMap { $0.value?.first } == Array(0..<20))
        }

        @Test(arguments: [(29, "authorization"), (10, "recordTooLarge"), (87, "invalidRecord")])
        func `What a broker refuses is told by kind`(native: Int, kind: String) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [0]))
            try await cluster.tell("error \(Self.produce) \(native) 1")
            let results = try await producer.send([KafkaRecord(topic: topic, partition: 0, value: [1])])
            #expect(results.map { code(of: $0) } == [kind])
            if case .failure(let error) = results[0] {
                #expect(error.nativeCode == Int32(native))
                #expect(!error.isRetriable)
                #expect(error.message.contains(topic))
            }
            await producer.shutdown()
        }

        @Test func `A slow way to the broker delays records and loses none`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            try await cluster.tell("rtt -1 200")
            let results = try await producer.send((0..<200).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            #expect(try results.map { try $0.get().offset } == Array(0..<200))
            await producer.shutdown()
        }

        @Test func `A cancelled sender goes on at once, though no broker answers`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["queue.buffering.max.messages": "5"])
            try await cluster.tell("broker down -1")
            let senders = (0..<3).map { sender in
                Task { try await producer.send((0..<10).map { KafkaRecord(topic: topic, partition: 0, value: [UInt8(sender), $0]) }) }
            }
            try await Task.sleep(for: .milliseconds(100))
            for sender in senders { sender.cancel() }
            for sender in senders { await #expect(throws: CancellationError.self) { try await sender.value } }
            try await cluster.tell("broker up -1")
            // The queue is free for others again, and what was not handed over is not sent.
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [9, 9]))
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).count <= 3 * 10 + 1)
        }

        @Test func `Shutdown gives up in time when no broker answers`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["queue.buffering.max.messages": "5"])
            try await cluster.tell("broker down -1")
            async let results = producer.send((0..<10).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            try await Task.sleep(for: .milliseconds(100))
            await producer.shutdown(grace: .milliseconds(200))
            #expect(try await results.map { code(of: $0) } == Array(repeating: "givenUp", count: 10))
        }

        @Test func `A consumer leaves, though no broker answers any more`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [1]))
            await producer.shutdown()
            let consumer = try cluster.consumer(["socket.timeout.ms": "1000"], group: topic)
            try await consumer.subscribe([topic])
            let offset = try #require(try await consumer.next().first).next
            try await cluster.tell("broker down -1")
            let commit = Task { try await consumer.commit([offset]) }
            try await Task.sleep(for: .milliseconds(100))
            let asking = Task { try await consumer.watermarks(of: offset.place) }
            try await Task.sleep(for: .milliseconds(100))
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
            await consumer.shutdown(grace: .seconds(1))
            await #expect(throws: KafkaError.self) { try await commit.value }
        }
    }
}
