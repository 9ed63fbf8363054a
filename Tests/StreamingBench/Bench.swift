import EventStore
import Foundation
import Kafka
import Logging
import Streaming
import Timekeeping

/// Figures of relay and follower beside the bare producer, against a cluster that is there: `StreamingBench BOOTSTRAP EVENTS [SECONDS [EVENTS OF A COMMAND]]`, with
/// `RELAIS_KAFKA_SETTINGS=name=value;…` for librdkafka. The topics of territory `bench`, and `relais.bench.bare`, must exist and be empty.
///
/// `StreamingBench records FILE EVENTS [EVENTS OF A COMMAND]` is for ops/bench/kafka_relay.py, which compares the relay with a producer in C.
@main struct Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        if arguments.count >= 4, arguments[1] == "records", let count = Int(arguments[3]) {
            let together = arguments.count > 4 ? max(1, Int(arguments[4]) ?? 5) : 5
            let bench = try Bench(bootstrap: "", count: count, together: together)
            try await bench.compare(records: arguments[2])
            return try await bench.end()
        }
        guard arguments.count >= 3, let count = Int(arguments[2]) else {
            print("usage: StreamingBench BOOTSTRAP EVENTS [SECONDS [EVENTS OF A COMMAND]] | records FILE EVENTS [EVENTS OF A COMMAND]")
            return
        }
        let seconds = arguments.count > 3 ? Int(arguments[3]) ?? 20 : 20
        let together = arguments.count > 4 ? max(1, Int(arguments[4]) ?? 5) : 5
        let bench = try Bench(bootstrap: arguments[1], count: count, together: together)
        try await bench.codec()
        try await bench.fill()
        try await bench.bare()
        try await bench.relay()
        try await bench.follow()
        if seconds > 0 { try await bench.latency(seconds: seconds) }
        try await bench.end()
    }

    var topics: Topics
    var configuration: KafkaConfiguration
    let count: Int
    /// Events under one command.
    let together: Int
    let folder: String
    let origin: SQLiteEventLog
    let copy: SQLiteEventLog
    let ids = EventIDGenerator(time: .system, random: { .random(in: .min ... .max) })
    /// Where payloads are cut from, so that records compress no better than what is sealed.
    let noise = (0..<1 << 20).map { _ in UInt8.random(in: 0...255) }
    let payloadSize = 400
    let logger = Logger(label: "bench") { label in
        var handler = StreamLogHandler.standardError(label: label)
        handler.logLevel = .warning
        return handler
    }

    init(bootstrap: String, count: Int, together: Int) throws {
        self.together = together
        topics = try Topics(territory: "bench")
        var settings: [String: String] = [:]
        for setting in (ProcessInfo.processInfo.environment["RELAIS_KAFKA_SETTINGS"] ?? "").split(separator: ";") {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { settings[parts[0]] = parts[1] }
        }
        configuration = KafkaConfiguration(bootstrap: bootstrap, settings: settings)
        self.count = count
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("streaming-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        origin = try SQLiteEventLog.open(.init(directory: "\(folder)/origin", identity: "bench"))
        copy = try SQLiteEventLog.open(.init(directory: "\(folder)/copy", identity: "bench", role: .replica))
    }

    private func end() async throws {
        await origin.close()
        await copy.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    func stream(_ number: Int) -> StreamID {
        StreamID(hex: String(repeating: "0", count: 24) + String(number + 0x1000_0000, radix: 16)) ?? stream(number + 1)
    }

    func payload(_ number: Int) -> [UInt8] {
        let start = number * payloadSize % (noise.count - payloadSize)
        return Array(noise[start..<start + payloadSize])
    }

    func event(_ number: Int) -> NewEvent {
        NewEvent(
            id: ids.next(),
            type: "fr.relais.pathway.patient-discharged.v1",
            source: "urn:finess:850000084",
            time: TimeSource.system.now(),
            actor: "urn:rpps:10003456789",
            payload: payload(number)
        )
    }

    func report(_ name: String, _ events: Int, _ duration: Duration) {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        print("\(name): \(events) in \(Self.rounded(seconds)) s, \(Int(Double(events) / max(seconds, 0.001)))/s")
    }

    static func rounded(_ number: Double) -> Double { (number * 1_000).rounded() / 1_000 }
}
