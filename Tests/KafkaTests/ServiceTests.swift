import Kafka
import Logging
import Metrics
import MetricsTestKit
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

extension AllTests {
    @Suite struct ServiceTests {
        @Test func `Graceful shutdown ends a producer once its records are written`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer(["linger.ms": "200"])
            try await testGracefulShutdown { trigger in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await producer.run() }
                    group.addTask {
                        async let result = producer.send(KafkaRecord(topic: topic, partition: 0, value: [1]))
                        try await Task.sleep(for: .milliseconds(50))
                        trigger.triggerGracefulShutdown()
                        #expect(try await result.offset == 0)
                    }
                    try await group.waitForAll()
                }
            }
            await #expect(throws: KafkaError(.closed, "")) { try await producer.send(KafkaRecord(topic: topic, value: [1])) }
        }

        @Test func `Graceful shutdown ends a consumer, and cancellation too`() async throws {
            let cluster = try await TestCluster()
            let first = try cluster.consumer(group: "g")
            try await testGracefulShutdown { trigger in
                async let run: Void = first.run()
                trigger.triggerGracefulShutdown()
                try await run
            }
            await #expect(throws: KafkaError(.closed, "")) { try await first.next() }
            let second = try cluster.consumer()
            let task = Task { try await second.run() }
            task.cancel()
            try await task.value
            await #expect(throws: KafkaError(.closed, "")) { try await second.next() }
        }

        @Test func `Statistics become gauges, with a reader's lag`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let metrics = TestMetrics()
            let settings = ["statistics.interval.ms": "100", "client.id": "relais"]
            let producer = try KafkaProducer(configuration: cluster.configuration(settings), logger: .quiet, metrics: metrics)
            _ = try await producer.send((0..<10).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            let consumer = try KafkaConsumer(configuration: cluster.configuration(settings), logger: .quiet, metrics: metrics)
            try await consumer.assign([KafkaOffset(topic: topic, partition: 0, offset: KafkaOffset.beginning)])
            #expect(try await consumer.next(limit: 3).count == 3)
            func last(_ label: String, _ dimensions: [(String, String)]) -> Double? {
                try? metrics.expectGauge(label, [("client", "relais")] + dimensions).lastValue
            }
            while last("kafka_consumer_lag_records", [("topic", topic), ("partition", "0")]) != 0 || last("kafka_queue_records", []) == nil
                || last("kafka_broker_rtt_seconds", [("broker", "1")]) == nil
            {
                try await Task.sleep(for: .milliseconds(20))
            }
            await consumer.shutdown()
            await producer.shutdown()
        }

        @Test func `librdkafka's log comes through ours`() async throws {
            let cluster = try await TestCluster()
            let lines = Tally()
            var logger = Logger(label: "test") { _ in TallyLogHandler(tally: lines) }
            logger.logLevel = .debug
            let settings = ["debug": "conf,broker", "sasl.password": "hunter-2-secret"]
            let producer = try KafkaProducer(configuration: cluster.configuration(settings), logger: logger)
            while !lines.all.contains(where: { $0.hasPrefix("librdkafka") }) { try await Task.sleep(for: .milliseconds(10)) }
            await producer.shutdown()
            #expect(!lines.all.contains { $0.contains("hunter-2") })
        }

        @Test func `Administration tells topics; what the cluster does not answer is an error in time`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 4)
            let limit: Duration = TestCluster.isMock ? .milliseconds(500) : .seconds(15)
            let administration = try KafkaAdministration(configuration: cluster.configuration(), limit: limit, logger: .quiet)
            #expect(try await administration.topic(topic).partitions.count == 4)
            #expect(try await administration.topics().contains { $0.name == topic })
            if TestCluster.isMock {
                // The mock has no controller, which such requests go to.
                await #expect(throws: KafkaError(.timedOut, "")) {
                    _ = try await administration.createTopics([KafkaTopicSpecification(name: "a", partitions: 1, replicationFactor: 1)])
                }
                await #expect(throws: KafkaError(.timedOut, "")) { _ = try await administration.settings(ofTopic: topic) }
            } else {
                let again = try await administration.createTopics([KafkaTopicSpecification(name: topic, partitions: 1)])
                #expect(again[topic].map { code(of: $0) } == "topicExists")
                #expect(try await administration.settings(ofTopic: topic).contains { $0.name == "cleanup.policy" && $0.value == "delete" })
            }
            await #expect(throws: KafkaError(.invalidRequest, "")) {
                _ = try await administration.createTopics([KafkaTopicSpecification(name: "", partitions: 1)])
            }
            await administration.shutdown()
            await #expect(throws: KafkaError(.closed, "")) { _ = try await administration.topics() }
        }
    }
}
