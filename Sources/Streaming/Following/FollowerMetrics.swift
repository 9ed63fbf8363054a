import CoreMetrics

/// What a follower counts.
struct FollowerMetrics: Sendable {
    let events: Counter
    let batches: Counter
    let repeats: Counter
    let leftOvers: Counter
    let keys: Counter
    let erasures: Counter
    let failures: Counter
    /// Positions that the topic is known to have and the copy does not.
    let lag: Gauge
    /// From an event's being recorded to its being in the copy.
    let lagSeconds: Gauge
    let position: Gauge

    init(_ factory: any MetricsFactory, territory: String) {
        let labels = [("territory", territory)]
        func counter(_ name: String) -> Counter { Counter(label: "relais_follower_\(name)_total", dimensions: labels, factory: factory) }
        events = counter("events")
        batches = counter("batches")
        repeats = counter("repeats")
        leftOvers = counter("left_overs")
        keys = counter("keys")
        erasures = counter("erasures")
        failures = counter("failures")
        lag = Gauge(label: "relais_follower_lag_positions", dimensions: labels, factory: factory)
        lagSeconds = Gauge(label: "relais_follower_lag_seconds", dimensions: labels, factory: factory)
        position = Gauge(label: "relais_follower_position", dimensions: labels, factory: factory)
    }
}
