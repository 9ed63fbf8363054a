import Foundation
import Kafka
import Logging
import Subprocess
import SystemPackage

/// `KafkaBench MOCK C_PRODUCER COUNT RUNS`: each run has a mock of its own, C and Swift take turns, medians are compared.
@main
struct KafkaBench {
    struct Failure: Error { let text: String }

    private static let partitions = 4

    static func main() async throws {
        let words = CommandLine.arguments
        guard words.count == 5, let count = Int(words[3]), count > 0, let runs = Int(words[4]), runs > 0 else {
            throw Failure(text: "KafkaBench MOCK C_PRODUCER COUNT RUNS")
        }
        var bare: [Double] = []
        var ours: [Double] = []
        var consumed: [Double] = []
        for _ in 0..<runs {
            try await withMock(words[1]) { bootstrap in
                let arguments = [bootstrap, "bench", "\(partitions)", "\(count)"]
                guard let figure = Double(try await output(of: words[2], arguments)) else { throw Failure(text: "the C producer failed") }
                bare.append(figure)
            }
            try await withMock(words[1]) { bootstrap in
                ours.append(try await produce(count, to: bootstrap))
                consumed.append(try await consume(from: bootstrap))
            }
        }
        let (slow, fast) = (median(bare), median(ours))
        print(#"{"id":"kafka.c_producer","value":\#(Int(slow)),"unit":"msg/s"}"#)
        print(#"{"id":"kafka.producer","value":\#(Int(fast)),"unit":"msg/s","ratio_to_c":\#(ratio(fast, slow)),"required":0.25}"#)
        print(#"{"id":"kafka.consumer","value":\#(Int(median(consumed))),"unit":"msg/s","ratio_to_c_producer":\#(ratio(median(consumed), slow))}"#)
        if fast < 0.25 * slow { throw Failure(text: "the producer is slower than a quarter of the C producer") }
    }

    private static func produce(_ count: Int, to bootstrap: String) async throws -> Double {
        let producer = try KafkaProducer(configuration: KafkaConfiguration(bootstrap: bootstrap), logger: quiet)
        for result in try await producer.send((0..<partitions).map { BenchRecords.record($0, partition: $0) }) { _ = try result.get() }
        let began = ContinuousClock.now
        // Two batches under way, so that one is made while the other is written.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<2 {
                group.addTask {
                    var next = lane * BenchRecords.batch
                    while next < count {
                        let records = (next..<min(next + BenchRecords.batch, count)).map { BenchRecords.record($0, partition: $0 % partitions) }
                        for result in try await producer.send(records) { _ = try result.get() }
                        next += 2 * BenchRecords.batch
                    }
                }
            }
            try await group.waitForAll()
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await producer.shutdown()
        return Double(count) / seconds
    }

    /// Reads what the mock has kept of it, about 5 MB to a partition.
    private static func consume(from bootstrap: String) async throws -> Double {
        let consumer = try KafkaConsumer(configuration: KafkaConfiguration(bootstrap: bootstrap), logger: quiet)
        var starts: [KafkaOffset] = []
        var left = 0
        for partition in 0..<Int32(partitions) {
            let ends = try await consumer.watermarks(of: KafkaPartition(topic: "bench", partition: partition))
            starts.append(KafkaOffset(topic: "bench", partition: partition, offset: ends.low))
            left += Int(ends.high - ends.low)
        }
        try await consumer.assign(starts)
        left -= try await consumer.next().count
        let began = ContinuousClock.now
        let count = left
        while left > 0 { left -= try await consumer.next().count }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        await consumer.shutdown()
        return Double(count) / seconds
    }

    private static var quiet: Logger { Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() } }

    private static func withMock(_ path: String, _ body: (String) async throws -> Void) async throws {
        _ = try await run(.path(FilePath(path)), input: .inputWriter, output: .sequence, error: .currentStandardError) { mock in
            var lines = mock.standardOutput.strings().makeAsyncIterator()
            let hello = try await lines.next()?.split(separator: " ") ?? []
            guard hello.count == 2 else { throw Failure(text: "the mock did not start") }
            _ = try await mock.standardInputWriter.write("topic bench \(partitions)\n")
            _ = try await lines.next()
            try await body(String(hello[1]))
            try await mock.standardInputWriter.finish()
        }
    }

    private static func output(of path: String, _ arguments: [String]) async throws -> String {
        let result = try await run(
            .path(FilePath(path)),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 16),
            error: .currentStandardError
        )
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func median(_ figures: [Double]) -> Double { figures.sorted()[figures.count / 2] }

    private static func ratio(_ one: Double, _ other: Double) -> String { String(format: "%.2f", one / other) }
}
