import Kafka
import Testing

extension AllTests {
    /// Faults of all kinds in turn, by a seed that is printed: what was acknowledged is there, once and in order.
    @Suite(.enabled(if: TestCluster.isMock)) struct PipelineTests {
        @Test(arguments: [1, 2, 3] as [UInt64]) func `Under random faults nothing acknowledged is lost, repeated or out of order`(
            seed: UInt64
        ) async throws {
            print("seed \(seed)")
            var chance = SeededChance(seed: seed)
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer([
                "queue.buffering.max.messages": "500", "retry.backoff.ms": "10", "reconnect.backoff.ms": "10", "reconnect.backoff.max.ms": "50",
            ])
            let total = 3000
            async let sent: [KafkaOffset] = {
                var places: [KafkaOffset] = []
                for start in stride(from: 0, to: total, by: 100) {
                    let records = (start..<start + 100).map { KafkaRecord(topic: topic, partition: 0, value: Array("\($0)".utf8)) }
                    places += try await producer.send(records).map { try $0.get() }
                }
                return places
            }()
            for _ in 0..<15 {
                switch Int.random(in: 0..<5, using: &chance) {
                case 0: try await cluster.tell("error 0 6 \(Int.random(in: 1...3, using: &chance))")
                case 1: try await cluster.tell("error 0 -195 1")
                case 2: try await cluster.tell("leader \(topic) 0 \(Int.random(in: 1...3, using: &chance))")
                case 3: try await cluster.tell("rtt -1 \(Int.random(in: 0...30, using: &chance))")
                default:
                    let broker = Int.random(in: 1...3, using: &chance)
                    try await cluster.tell("broker down \(broker)")
                    try await Task.sleep(for: .milliseconds(Int.random(in: 1...60, using: &chance)))
                    try await cluster.tell("broker up \(broker)")
                }
                try await Task.sleep(for: .milliseconds(Int.random(in: 1...40, using: &chance)))
            }
            try await cluster.tell("rtt -1 0")
            let places = try await sent
            await producer.shutdown()
            let contents = try await cluster.contents(of: topic)
            // The mock knows repeats of transactional producers only: where an answer was lost, it writes the others' records twice.
            var seen: Set<Int> = []
            let firsts = contents.compactMap { $0.value.flatMap { Int(String(decoding: $0, as: UTF8.self)) } }.filter { seen.insert($0).inserted }
            #expect(firsts == Array(0..<total))
            #expect(
                zip(0..., places).allSatisfy { number, place in
                    place.offset < 0 || contents[Int(place.offset)].value == Array("\(number)".utf8)
                }
            )
        }
    }

    /// SplitMix64.
    struct SeededChance: RandomNumberGenerator {
        var state: UInt64

        init(seed: UInt64) { state = seed }

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
