import Foundation
import Kafka
import Subprocess
import SystemPackage
import Testing

extension AllTests {
    /// An independent client reads what we write, and writes what we read (Debian: kcat).
    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/kcat"))) struct KcatTests {
        /// Runs kcat with this input to its end; its output.
        private static func kcat(_ arguments: [String], input: String = "") async throws -> String {
            let result = try await run(
                .path("/usr/bin/kcat"),
                arguments: Arguments(arguments),
                input: .string(input),
                output: .string(limit: 1 << 20)
            )
            #expect(result.terminationStatus.isSuccess)
            return result.standardOutput
        }

        @Test func `kcat reads what we write, headers and tombstones among it`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            let records = [
                KafkaRecord(
                    topic: topic,
                    partition: 0,
                    key: Array("k1".utf8),
                    value: Array("hello".utf8),
                    headers: [KafkaHeader("ce_id", text: "1"), KafkaHeader("ce_type", text: "admitted")],
                    timestamp: 1_700_000_000_000
                ),
                KafkaRecord(topic: topic, partition: 0, key: Array("k2".utf8), value: nil),
            ]
            for result in try await producer.send(records) { _ = try result.get() }
            await producer.shutdown()
            let format = "%p %o %T %k %S %s %h\\n"
            let output = try await Self.kcat(["-b", cluster.bootstrap, "-C", "-q", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-f", format])
            let lines = output.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first == "0 0 1700000000000 k1 5 hello ce_id=1,ce_type=admitted")
            #expect(lines.last?.contains("k2 -1") == true)
        }

        @Test func `We read what kcat writes`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let arguments = ["-b", cluster.bootstrap, "-P", "-t", topic, "-p", "0", "-K", "=", "-H", "from=kcat", "-H", "empty="]
            _ = try await Self.kcat(arguments, input: "a=1\nb=2\n")
            let messages = try await cluster.contents(of: topic)
            #expect(messages.map { $0.key } == [Array("a".utf8), Array("b".utf8)])
            #expect(messages.map { $0.value } == [Array("1".utf8), Array("2".utf8)])
            #expect(messages.allSatisfy { $0.header("from") == "kcat" && $0.header("empty") == "" })
        }
    }
}
