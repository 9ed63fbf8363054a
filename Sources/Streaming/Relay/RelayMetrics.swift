import CoreMetrics

/// What a relay counts.
struct RelayMetrics: Sendable {
    let events: Counter
    let batches: Counter
    let keys: Counter
    /// Transactions that were taken back, or whose fate had to be looked up.
    let failures: Counter
    let transaction: Timer
    /// Positions that the log has and the topic does not.
    let lag: Gauge
    /// Age of the oldest event that the topic did not have, when it was handed over.
    let lagSeconds: Gauge

    init(_ factory: any MetricsFactory, territory: String) {
        let labels = [("territory", territory)]
        events = Counter(label: "relais_relay_events_total", dimensions: labels, factory: factory)
        batches = Counter(label: "relais_relay_batches_total", dimensions: labels, factory: factory)
        keys = Counter(label: "relais_relay_keys_total", dimensions: labels, factory: factory)
        failures = Counter(label: "relais_relay_failures_total", dimensions: labels, factory: factory)
        transaction = Timer(label: "relais_relay_transaction_seconds", dimensions: labels, preferredDisplayUnit: .seconds, factory: factory)
        lag = Gauge(label: "relais_relay_lag_positions", dimensions: labels, factory: factory)
        lagSeconds = Gauge(label: "relais_relay_lag_seconds", dimensions: labels, factory: factory)
    }
}
