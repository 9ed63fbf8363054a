import CoreMetrics
import Synchronization
import Web

/// What relay, follower and librdkafka count, for `/metrics`.
final class StreamingMeters: MetricsFactory, Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: [Label]
    }

    private struct Label: Hashable {
        let name: String
        let value: String
    }

    /// The last value of one series.
    private final class Meter: CounterHandler, RecorderHandler, Sendable {
        let value = Mutex<Int64>(0)

        func increment(by amount: Int64) { value.withLock { $0 = $0.addingReportingOverflow(amount).partialValue } }
        func reset() { value.withLock { $0 = 0 } }
        func record(_ number: Int64) { value.withLock { $0 = number } }
        func record(_ number: Double) { value.withLock { $0 = Int64(exactly: number.rounded(.up)) ?? 0 } }
    }

    private let counters = Mutex<[Series: Meter]>([:])
    private let gauges = Mutex<[Series: Meter]>([:])

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { meter(label, dimensions, counters) }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler { meter(label, dimensions, gauges) }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { NOOPMetricsHandler.instance }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func meter(_ label: String, _ dimensions: [(String, String)], _ meters: borrowing Mutex<[Series: Meter]>) -> Meter {
        let series = Series(name: label, labels: dimensions.map { Label(name: $0.0, value: $0.1) })
        return meters.withLock { meters in
            if let known = meters[series] { return known }
            let made = Meter()
            meters[series] = made
            return made
        }
    }

    var families: [MetricFamily] {
        families(counters.withLock { $0 }, .counter) + families(gauges.withLock { $0 }, .gauge)
    }

    private func families(_ meters: [Series: Meter], _ kind: MetricFamily.Kind) -> [MetricFamily] {
        Dictionary(grouping: meters, by: \.key.name).sorted { $0.key < $1.key }.map { name, series in
            let values = series.map { series, meter in
                MetricFamily.Value(series.labels.map { ($0.name, $0.value) }, meter.value.withLock { $0 })
            }
            return MetricFamily(name, kind, "Of the log's way through Kafka.", values)
        }
    }
}
