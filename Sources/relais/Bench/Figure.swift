import Foundation

/// One measured figure.
struct Figure: Encodable {
    let id: String
    let value: Double
    let unit: String
    /// Latency of one operation as its caller saw it, in microseconds.
    var p50: Double?
    var p99: Double?
    /// What the committing connection read back; 2 is FULL.
    var synchronous: Int?
    var payloadBytes: Int?
    /// Events in the log when it was measured.
    var events: Int64?

    private enum CodingKeys: String, CodingKey {
        case id, value, unit, p50 = "p50_us", p99 = "p99_us", synchronous, payloadBytes = "payload_bytes", events
    }

    init(_ id: String, _ value: Double, _ unit: String, latencies: [Duration] = []) {
        self.id = id
        self.value = (value * 10).rounded() / 10
        self.unit = unit
        let sorted = latencies.map { Double($0.components.seconds) * 1e6 + Double($0.components.attoseconds) / 1e12 }.sorted()
        if !sorted.isEmpty {
            p50 = (sorted[sorted.count / 2] * 10).rounded() / 10
            p99 = (sorted[min(sorted.count - 1, sorted.count * 99 / 100)] * 10).rounded() / 10
        }
    }

    func print(json: Bool) throws {
        if json { return try Console.printJSON(self) }
        var text = "\(id): \(value) \(unit)"
        if let p50, let p99 { text += ", p50 \(p50) µs, p99 \(p99) µs" }
        if let synchronous { text += ", synchronous \(synchronous)" }
        if let payloadBytes { text += ", \(payloadBytes) bytes each" }
        if let events { text += ", \(events) events in the log" }
        Swift.print(text)
    }

    /// The highest resident size of this process so far, in MiB.
    static var peakResidentMebibytes: Double {
        var usage = rusage()
        guard getrusage(.init(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return Double(usage.ru_maxrss) / 1_024
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
