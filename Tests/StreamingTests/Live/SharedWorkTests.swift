import Kafka
import Streaming
import Synchronization
import Testing

/// Nodes that share a work through a compacted topic.
@Suite(.serialized, .timeLimit(.minutes(30))) struct SharedWorkTests {
    let cluster: MockCluster
    let topics: Topics

    init() async throws {
        cluster = try await MockCluster()
        topics = try Topics(territory: cluster.territory)
        try await cluster.create(topics)
    }

    /// Writes down what it is told.
    private final class Note: SharedWork.Worker {
        struct State {
            var held: Set<Int32> = []
            var restored: [Int32: [String]] = [:]
            var requests: [String] = []
        }

        let state = Mutex(State())
        let isFailing = Mutex(false)

        struct Trouble: Error {}

        func restore(_ left: [Int32: [KafkaMessage]]) async throws {
            if isFailing.withLock({ $0 }) { throw Trouble() }
            state.withLock { state in
                for (share, messages) in left { state.restored[share] = messages.map { String(decoding: $0.key ?? [], as: UTF8.self) } }
            }
        }
        func grant(_ share: Int32) { state.withLock { _ = $0.held.insert(share) } }
        func hear(_ request: KafkaMessage) async { state.withLock { $0.requests.append(String(decoding: request.key ?? [], as: UTF8.self)) } }
        func release(_ shares: Set<Int32>) async { state.withLock { $0.held.subtract(shares) } }

        var held: Set<Int32> { state.withLock { $0.held } }
        func left(in share: Int32) -> [String]? { state.withLock { $0.restored[share] } }
    }

    private func work(_ note: Note) throws -> SharedWork {
        try SharedWork(topic: topics.outbox, group: topics.notifierGroup, configuration: cluster.configuration, worker: note, logger: .quiet)
    }

    private func wait(until isSo: () -> Bool) async throws { while !isSo() { try await Task.sleep(for: .milliseconds(20)) } }

    private static let all = Set<Int32>(0..<12)

    @Test func `two nodes divide the shares, and what one leaves the other goes on with`() async throws {
        let (one, other) = (Note(), Note())
        let (first, second) = (try work(one), try work(other))
        let running = Task { try await first.run() }
        try await wait { one.held == Self.all }
        #expect(first.isFresh)
        for (key, share) in [("a", 3), ("b", 3), ("c", 3), ("d", 4)] as [(String, Int32)] { try await first.keep(key, Array("1".utf8), in: share) }
        try await first.keep("a", Array("2".utf8), in: 3)
        try await first.keep("b", nil, in: 3)
        let beside = Task { try await second.run() }
        try await wait { !other.held.isEmpty && one.held.union(other.held) == Self.all && one.held.isDisjoint(with: other.held) }
        running.cancel()
        try await running.value
        #expect(one.held.isEmpty)
        try await wait { other.held == Self.all }
        // In the order of their newest records; what was ended is gone.
        #expect(other.left(in: 3) == ["c", "a"] && other.left(in: 4) == ["d"] && other.left(in: 5) == [])
        // A request is heard by whoever holds the share; what it keeps itself is not.
        let asking = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        try await second.keep("own", [1], in: 3)
        _ = try await asking.send(
            KafkaRecord(
                topic: topics.outbox,
                partition: 3,
                key: Array("asked".utf8),
                value: [1],
                headers: [KafkaHeader(SharedWork.requestHeader, text: "retry")]
            )
        )
        try await wait { !other.state.withLock { $0.requests.isEmpty } }
        #expect(other.state.withLock { $0.requests } == ["asked"])
        await asking.shutdown()
        beside.cancel()
        try await beside.value
        #expect(!second.isFresh || other.held.isEmpty)
    }

    @Test func `a share that cannot be restored is not held, and is tried again`() async throws {
        let note = Note()
        note.isFailing.withLock { $0 = true }
        let work = try work(note)
        let running = Task { try await work.run() }
        try await Task.sleep(for: .seconds(3))
        #expect(note.held.isEmpty)
        note.isFailing.withLock { $0 = false }
        try await wait { note.held == Self.all }
        running.cancel()
        try await running.value
    }

    @Test func `what was worked on is committed, and what was not comes again`() async throws {
        struct Trouble: Error {}
        let producer = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        for number in 0..<50 {
            _ = try await producer.send(KafkaRecord(topic: topics.facts, key: [UInt8(number)], value: [UInt8(number)], headers: []))
        }
        let seen = Mutex<[UInt8]>([])
        let failures = Mutex(2)
        func reader() -> GroupReader {
            GroupReader(topic: topics.facts, group: topics.factsGroup, configuration: cluster.configuration, logger: .quiet) { messages in
                let isFailing = failures.withLock { failures in
                    defer { failures = max(0, failures - 1) }
                    return failures > 0
                }
                if isFailing { throw Trouble() }
                seen.withLock { $0 += messages.compactMap { $0.value?.first } }
            }
        }
        let first = reader()
        let running = Task { try await first.run() }
        try await wait { Set(seen.withLock { $0 }).count == 50 }
        // The commit follows the work.
        try await Task.sleep(for: .seconds(1))
        running.cancel()
        try await running.value
        seen.withLock { $0 = [] }
        _ = try await producer.send(KafkaRecord(topic: topics.facts, key: [99], value: [99], headers: []))
        let second = reader()
        let again = Task { try await second.run() }
        try await wait { !seen.withLock { $0.isEmpty } }
        try await Task.sleep(for: .milliseconds(500))
        #expect(seen.withLock { $0 } == [99])
        again.cancel()
        try await again.value
        await producer.shutdown()
    }
}
