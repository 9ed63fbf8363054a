import Kafka
import Testing

extension AllTests {
    @Suite struct ProducerTests {
        @Test func `A record comes back as it was sent, with its headers, key and time`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            let headers = [
                KafkaHeader("ce_id", text: "0195"), KafkaHeader("again", [1, 0, 2]), KafkaHeader("again", []), KafkaHeader("none", nil),
            ]
            let record = KafkaRecord(topic: topic, partition: 0, key: [1, 2], value: [3, 0, 4], headers: headers, timestamp: 1_700_000_000_123)
            let offset = try await producer.send(record)
            await producer.shutdown()
            #expect(offset == KafkaOffset(topic: topic, partition: 0, offset: 0))
            let message = try #require(try await cluster.contents(of: topic).first)
            #expect(message.headers == headers)
            #expect(message.key == [1, 2])
            #expect(message.value == [3, 0, 4])
            #expect(message.timestamp == 1_700_000_000_123)
            #expect(message.header("ce_id") == "0195")
        }

        @Test(
            arguments: [
                (key: nil, value: nil), (key: [], value: nil), (key: [7], value: nil), (key: nil, value: []), (key: [], value: []),
                (key: [7], value: []),
            ] as [(key: [UInt8]?, value: [UInt8]?)]
        )
        func `Nothing and no bytes are told apart, in keys and in values`(key: [UInt8]?, value: [UInt8]?) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, key: key, value: value))
            await producer.shutdown()
            let message = try #require(try await cluster.contents(of: topic).first)
            #expect(message.key == key)
            #expect(message.value == value)
        }

        @Test func `A batch keeps its order in each partition, and each record learns its place`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 3)
            let producer = try cluster.producer()
            let records = (0..<5000).map { KafkaRecord(topic: topic, partition: Int32($0 % 3), value: Array("\($0)".utf8)) }
            let places = try await producer.send(records).map { try $0.get() }
            await producer.shutdown()
            let messages = try await cluster.contents(of: topic, partitions: [0, 1, 2])
            #expect(messages.count == records.count)
            var found: [KafkaOffset: [UInt8]] = [:]
            for message in messages { found[KafkaOffset(topic: topic, partition: message.partition, offset: message.offset)] = message.value }
            #expect(zip(records, places).allSatisfy { found[$1] == $0.value })
            for partition in 0..<3 {
                #expect(
                    places.filter { $0.partition == Int32(partition) }.map(\.offset) == Array(0..<Int64(5000 / 3 + (partition < 5000 % 3 ? 1 : 0)))
                )
            }
        }

        @Test func `Nothing to send is sent at once`() async throws {
            let producer = try await TestCluster().producer()
            #expect(try await producer.send([]).isEmpty)
            await producer.shutdown()
        }

        @Test func `One bad record fails alone and says why`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["message.max.bytes": "2000"])
            let results = try await producer.send([
                KafkaRecord(topic: topic, partition: 0, value: [1]),
                KafkaRecord(topic: topic, partition: 0, value: [UInt8](repeating: 0, count: 5000)),
                KafkaRecord(topic: topic, partition: 77, value: [1]),
                KafkaRecord(topic: topic, partition: 0, value: [1], headers: [KafkaHeader("a\0b", nil)]),
                KafkaRecord(topic: topic, partition: 0, value: [2]),
            ])
            await producer.shutdown()
            #expect(results.map { code(of: $0) } == ["success", "recordTooLarge", "unknownTopic", "invalidRequest", "success"])
            #expect(try results[4].get().offset == 1)
            if case .failure(let error) = results[1] {
                #expect(error.message.contains(topic) && error.message.contains("message.max.bytes"))
                #expect(!error.isFatal && !error.isRetriable)
            }
        }

        @Test(arguments: [1, 7, 100]) func `A full queue makes senders wait, and every record arrives`(room: Int) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["queue.buffering.max.messages": "\(room)", "linger.ms": "0"])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<4 {
                    group.addTask {
                        for chunk in 0..<3 {
                            let records = (0..<50).map { KafkaRecord(topic: topic, partition: 0, value: Array("\(sender) \(chunk) \($0)".utf8)) }
                            for result in try await producer.send(records) { _ = try result.get() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await producer.shutdown()
            let messages = try await cluster.contents(of: topic)
            #expect(Set(messages.compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } }).count == 600)
            #expect(messages.count == 600)
        }

        @Test func `A record larger than the whole queue is refused, not waited for`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["queue.buffering.max.kbytes": "1", "message.max.bytes": "100000"])
            let results = try await producer.send([
                KafkaRecord(topic: topic, partition: 0, value: [1]),
                KafkaRecord(topic: topic, partition: 0, value: [UInt8](repeating: 0, count: 50_000)),
                KafkaRecord(topic: topic, partition: 0, value: [2]),
            ])
            await producer.shutdown()
            #expect(results.map { code(of: $0) } == ["success", "recordTooLarge", "success"])
        }

        @Test func `Shutdown without grace gives up what is left and tells its sender`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let waiting: Task<[Result<KafkaOffset, KafkaError>], any Error>
            do {
                let producer = try cluster.producer(["linger.ms": "60000"])
                waiting = Task { [producer] in try await producer.send([KafkaRecord(topic: topic, partition: 0, value: [1])]) }
                try await Task.sleep(for: .milliseconds(50))
                await producer.shutdown(grace: .zero)
            }
            #expect(try await waiting.value.map { code(of: $0) } == ["givenUp"])
        }

        @Test func `After shutdown every call says closed`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: "t")
            await producer.shutdown()
            await producer.shutdown()
            await #expect(throws: KafkaError(.closed, "")) { try await producer.send(KafkaRecord(topic: topic, value: [1])) }
            await #expect(throws: KafkaError(.closed, "")) { try await producer.initTransactions() }
        }

        @Test func `Shutdown under load accounts for every record and writes what it says it wrote`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["queue.buffering.max.messages": "200"])
            let written = Tally()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for sender in 0..<8 {
                    group.addTask {
                        var count = 0
                        while true {
                            let names = (0..<20).map { "\(sender) \(count) \($0)" }
                            let records = names.map { KafkaRecord(topic: topic, partition: 0, value: Array($0.utf8)) }
                            do {
                                let results = try await producer.send(records)
                                written.add(zip(names, results).filter { code(of: $1) == "success" }.map(\.0))
                                count += 1
                            } catch let error as KafkaError {
                                #expect(error.code == .closed)
                                return
                            }
                        }
                    }
                }
                group.addTask {
                    while written.all.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
                    await producer.shutdown()
                }
                try await group.waitForAll()
            }
            let found = Set(try await cluster.contents(of: topic).compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } })
            #expect(!found.isEmpty)
            #expect(found == Set(written.all))
        }
    }
}
