import Kafka
import Testing

extension AllTests {
    /// The mock does not hide aborted records from readers: what is written is looked at through the producer's answers.
    @Suite struct TransactionTests {
        private static func records(_ topic: String, _ values: Range<UInt8>) -> [KafkaRecord] {
            values.map { KafkaRecord(topic: topic, partition: 0, value: [$0]) }
        }

        @Test func `A transaction writes all its records, again and again`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            for turn in 0..<3 {
                let places = try await producer.transaction(Self.records(topic, UInt8(turn * 10)..<UInt8(turn * 10 + 10)))
                #expect(places.count == 10)
                #expect(Set(places.map(\.offset)).count == 10)
            }
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).compactMap { $0.value?.first } == Array(0..<30))
        }

        @Test func `An aborted transaction is over, and the next one begins`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await producer.beginTransaction()
            _ = try await producer.send(Self.records(topic, 0..<5))
            try await producer.abortTransaction()
            #expect(try await producer.transaction(Self.records(topic, 5..<10)).count == 5)
            await producer.shutdown()
        }

        @Test func `Calls out of their order are refused by kind`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            await #expect(throws: KafkaError(.transactionState, "")) { try await producer.beginTransaction() }
            try await producer.initTransactions()
            await #expect(throws: KafkaError(.transactionState, "")) { try await producer.commitTransaction() }
            #expect(try await producer.send(Self.records(topic, 0..<1)).map { code(of: $0) } == ["transactionState"])
            await producer.shutdown()
            let plain = try cluster.producer()
            await #expect(throws: KafkaError(.transactionState, "")) { try await plain.initTransactions() }
            await plain.shutdown()
        }

        /// The mock gives each producer an id of its own and fences nobody off.
        @Test(.enabled(if: !TestCluster.isMock)) func `A second producer with the same id fences off the first`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let first = try cluster.producer(transactionalID: topic)
            try await first.initTransactions()
            _ = try await first.transaction(Self.records(topic, 0..<1))
            let second = try cluster.producer(transactionalID: topic)
            try await second.initTransactions()
            _ = try await second.transaction(Self.records(topic, 1..<2))
            let error = await #expect(throws: KafkaError.self) { _ = try await first.transaction(Self.records(topic, 2..<3)) }
            #expect(error?.isFenced == true)
            #expect(error?.isFatal == true)
            // It stays so, whatever is called.
            let later = await #expect(throws: KafkaError.self) { _ = try await first.transaction(Self.records(topic, 2..<3)) }
            #expect(later?.isFenced == true)
            await first.shutdown()
            _ = try await second.transaction(Self.records(topic, 3..<4))
            await second.shutdown()
        }

        /// INVALID_PRODUCER_EPOCH and PRODUCER_FENCED to AddPartitionsToTxn (24) and EndTxn (26).
        @Test(.enabled(if: TestCluster.isMock), arguments: [24, 26], [47, 90])
        func `A producer that is fenced off learns it, for good`(request: Int, native: Int) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await cluster.tell("error \(request) \(native) 1")
            for _ in 0..<2 {
                let error = await #expect(throws: KafkaError.self) { _ = try await producer.transaction(Self.records(topic, 0..<2)) }
                #expect(error?.isFenced == true, "\(error?.message ?? "")")
                #expect(error?.isFatal == true)
                #expect(error?.isRetriable == false)
            }
            await #expect(throws: KafkaError(.fenced, "")) { try await producer.send(KafkaRecord(topic: topic, value: [1])) }
            await producer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `A commit that runs out of time is resumed`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await producer.beginTransaction()
            for result in try await producer.send(Self.records(topic, 0..<5)) { _ = try result.get() }
            try await cluster.tell("broker down -1")
            let error = await #expect(throws: KafkaError.self) { try await producer.commitTransaction(within: .milliseconds(300)) }
            #expect(error?.isRetriable == true)
            #expect(error?.code == .timedOut)
            #expect(error?.requiresAbort == false)
            try await cluster.tell("broker up -1")
            try await producer.commitTransaction()
            #expect(try await producer.transaction(Self.records(topic, 5..<10)).count == 5)
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).compactMap { $0.value?.first } == Array(0..<10))
        }

        @Test(.enabled(if: TestCluster.isMock)) func `A whole transaction outlasts an outage`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await cluster.tell("broker down -1")
            async let places = producer.transaction(Self.records(topic, 0..<5))
            try await Task.sleep(for: .milliseconds(500))
            try await cluster.tell("broker up -1")
            #expect(try await places.count == 5)
            await producer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `The coordinator may move and be away`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await cluster.tell("coordinator transaction \(topic) 1")
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            _ = try await producer.transaction(Self.records(topic, 0..<2))
            try await cluster.tell("leader \(topic) 0 3")
            try await cluster.tell("coordinator transaction \(topic) 2")
            try await cluster.tell("broker down 1")
            _ = try await producer.transaction(Self.records(topic, 2..<4))
            // NOT_COORDINATOR and CONCURRENT_TRANSACTIONS to AddPartitionsToTxn (24), COORDINATOR_NOT_AVAILABLE to EndTxn (26).
            try await cluster.tell("error 24 16 1")
            try await cluster.tell("error 24 51 2")
            try await cluster.tell("error 26 15 2")
            _ = try await producer.transaction(Self.records(topic, 4..<6))
            await producer.shutdown()
            #expect(try await cluster.contents(of: topic).compactMap { $0.value?.first } == Array(0..<6))
        }

        @Test(.enabled(if: TestCluster.isMock)) func `What needs an abort is aborted, and the next transaction goes through`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            // TOPIC_AUTHORIZATION_FAILED to AddPartitionsToTxn.
            try await cluster.tell("error 24 29 1")
            let error = await #expect(throws: KafkaError.self) { _ = try await producer.transaction(Self.records(topic, 0..<2)) }
            #expect(error?.isFatal == false)
            #expect(error?.code != .fenced)
            #expect(try await producer.transaction(Self.records(topic, 2..<4)).count == 2)
            await producer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `A commit that needs an abort says so`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await producer.beginTransaction()
            // INVALID_RECORD to Produce.
            try await cluster.tell("error 0 87 1")
            #expect(try await producer.send(Self.records(topic, 0..<1)).map { code(of: $0) } == ["invalidRecord"])
            let error = await #expect(throws: KafkaError.self) { try await producer.commitTransaction() }
            #expect(error?.requiresAbort == true)
            #expect(error?.isFatal == false)
            try await producer.abortTransaction()
            // librdkafka 2.0.2 has counted the refused record: its next transaction fails once, which makes it begin to count anew.
            var failures = 0
            while true {
                do {
                    _ = try await producer.transaction(Self.records(topic, 1..<2))
                    break
                } catch let error as KafkaError {
                    failures += 1
                    #expect(failures == 1)
                    #expect(error.code == .transactionFailed && error.isRetriable, "\(error)")
                }
            }
            await producer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `Cancellation before the commit aborts`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await cluster.tell("rtt -1 300")
            let task = Task { try await producer.transaction(Self.records(topic, 0..<2)) }
            try await Task.sleep(for: .milliseconds(100))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            try await cluster.tell("rtt -1 0")
            #expect(try await producer.transaction(Self.records(topic, 2..<4)).count == 2)
            await producer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `Shutdown ends a commit that no broker answers`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            try await producer.beginTransaction()
            _ = try await producer.send(Self.records(topic, 0..<1))
            try await cluster.tell("broker down -1")
            let commit = Task { try await producer.commitTransaction() }
            try await Task.sleep(for: .milliseconds(100))
            await producer.shutdown(grace: .milliseconds(100))
            await #expect(throws: KafkaError.self) { try await commit.value }
        }

        @Test func `Offsets of a consumer count together with what is written`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let answers = try await cluster.topic()
            let producer = try cluster.producer(transactionalID: topic)
            try await producer.initTransactions()
            _ = try await producer.transaction(Self.records(topic, 0..<10))
            let consumer = try cluster.consumer(group: topic)
            try await consumer.subscribe([topic])
            var seen = 0
            while seen < 10 {
                let messages = try await consumer.next(limit: 4)
                seen += messages.count
                let offset = try #require(messages.last?.next)
                let replies = messages.map { KafkaRecord(topic: answers, partition: 0, value: $0.value) }
                _ = try await producer.transaction(replies, offsets: [offset], as: try await consumer.membership())
            }
            let place = KafkaPartition(topic: topic, partition: 0)
            let end = try await consumer.watermarks(of: place).high
            // The mock takes a transaction's offsets and forgets them.
            if !TestCluster.isMock { #expect(try #require(try await consumer.committed([place])[place]) <= end) }
            await consumer.shutdown()
            await producer.shutdown()
        }
    }
}
