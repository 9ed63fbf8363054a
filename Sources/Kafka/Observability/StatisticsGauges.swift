internal import CoreMetrics

/// librdkafka's statistics as gauges. Labels hold names of clients, brokers, topics and numbers of partitions, nothing of a record.
///
/// `@unchecked Sendable`: used by the one thread that polls.
final class StatisticsGauges: @unchecked Sendable {
    private struct Key: Hashable {
        let label: String
        let dimensions: [String]
    }

    private let client: String
    private let factory: any MetricsFactory
    private var gauges: [Key: Gauge] = [:]

    init(client: String, factory: any MetricsFactory) {
        self.client = client
        self.factory = factory
    }

    func update(from text: String) {
        guard let statistics = Statistics.parse(text) else { return }
        if let records = statistics.msg_cnt { record("kafka_queue_records", Double(records)) }
        if let bytes = statistics.msg_size { record("kafka_queue_bytes", Double(bytes)) }
        // librdkafka also lists the addresses it began with (node -1) and its own coordinator entries.
        for broker in (statistics.brokers ?? [:]).values where broker.nodeid >= 0 {
            guard let rtt = broker.rtt else { continue }
            record("kafka_broker_rtt_seconds", rtt.avg / 1_000_000, [("broker", "\(broker.nodeid)")])
        }
        for topic in (statistics.topics ?? [:]).values {
            for partition in (topic.partitions ?? [:]).values where partition.partition >= 0 {
                guard let lag = Self.lag(of: partition) else { continue }
                record("kafka_consumer_lag_records", Double(lag), [("topic", topic.topic), ("partition", "\(partition.partition)")])
            }
        }
    }

    /// From what was handed to us, not from what was committed: who stores offsets elsewhere has a lag too.
    private static func lag(of partition: Statistics.Topic.Partition) -> Int64? {
        guard partition.desired == true, let high = partition.hi_offset, let next = partition.app_offset, high >= 0, next >= 0 else { return nil }
        return max(0, high - next)
    }

    private func record(_ label: String, _ value: Double, _ dimensions: [(String, String)] = []) {
        let key = Key(label: label, dimensions: dimensions.map(\.1))
        let gauge = gauges[key] ?? Gauge(label: label, dimensions: [("client", client)] + dimensions, factory: factory)
        gauges[key] = gauge
        gauge.record(value)
    }
}
