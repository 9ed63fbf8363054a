import EventStore
import Kafka
import MetricsTestKit
import ServiceLifecycle
import ServiceLifecycleTestKit
import Streaming
import TestSupport
import Testing

/// Relay and follower as services, and the topics they need.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ServiceTests {
    let cluster: MockCluster
    let topics: Topics

    init() async throws {
        cluster = try await MockCluster()
        topics = try Topics(territory: cluster.territory)
    }

    @Test func `relay and follower end on graceful shutdown, and tell how far they are`() async throws {
        try await cluster.create(topics)
        let (origin, copy) = (try Node(cluster, topics), try Node(cluster, topics, role: .replica))
        try await origin.fill(500, seed: 50)
        let metrics = TestMetrics()
        let relay = Relay(
            log: origin.log,
            vault: origin.vault,
            topics: topics,
            configuration: cluster.configuration,
            logger: .quiet,
            metrics: metrics
        )
        let follower = ReplicaFollower(
            log: copy.log,
            vault: copy.vault,
            topics: topics,
            configuration: cluster.configuration,
            logger: .quiet,
            metrics: metrics
        )
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await relay.run() }
                group.addTask { try await follower.run() }
                _ = try await copy.log.nextCommit(after: 499)
                // What was taken in is counted right after.
                while try metrics.expectCounter("relais_follower_events_total", labels).totalValue < 500 {
                    try await Task.sleep(for: .milliseconds(10))
                }
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
        #expect(try metrics.expectCounter("relais_relay_events_total", labels).totalValue == 500)
        #expect(try metrics.expectCounter("relais_relay_batches_total", labels).totalValue >= 1)
        #expect(try metrics.expectCounter("relais_follower_repeats_total", labels).totalValue == 0)
        for name in ["relais_relay_lag_positions", "relais_relay_lag_seconds", "relais_follower_lag_positions", "relais_follower_lag_seconds"] {
            #expect(try metrics.expectGauge(name, labels).lastValue != nil)
        }
        #expect(try metrics.expectGauge("relais_follower_position", labels).lastValue == 500)
    }

    private var labels: [(String, String)] { [("territory", topics.territory)] }

    @Test func `topics that are missing, or are not as planned, are told`() async throws {
        let administration = try KafkaAdministration(configuration: cluster.configuration, logger: .quiet)
        let plan = TopicPlan(eventPartitions: 4, intakePartitions: 1, replication: 1, minimumInSync: 1)
        let keeper = TopicKeeper(topics: topics, plan: plan, administration: administration)
        if MockCluster.isMock {
            try await cluster.tell("topic \(topics.events) 3")
            try await cluster.tell("topic \(topics.log) 2")
            let report = try await keeper.check()
            #expect(report.findings.contains { $0.topic == topics.events && !$0.isSevere })
            // The log has one order.
            #expect(report.findings.contains { $0.topic == topics.log && $0.isSevere } && !report.isSound)
        } else {
            #expect(try await !keeper.check().isSound)
            #expect(try await keeper.create(partners: ["one"]).created.count == 6)
            #expect(try await keeper.check(partners: ["one"]).findings.isEmpty)
        }
        await administration.shutdown()
    }

    @Test func `a setting that librdkafka does not know ends the service at once`() async throws {
        var configuration = cluster.configuration
        configuration.settings["no.such.setting"] = "1"
        let node = try Node(cluster, topics)
        let relay = Relay(log: node.log, vault: nil, topics: topics, configuration: configuration, logger: .quiet)
        await #expect(throws: KafkaError(.invalidConfiguration, "")) { try await relay.run() }
        let copy = try Node(cluster, topics, role: .replica)
        let follower = ReplicaFollower(log: copy.log, vault: nil, topics: topics, configuration: configuration, logger: .quiet)
        await #expect(throws: KafkaError(.invalidConfiguration, "")) { try await follower.run() }
        await #expect(throws: StreamingError(.invalidRequest, "")) { try await copy.relay().run() }
    }
}
