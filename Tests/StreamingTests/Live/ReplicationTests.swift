import EventStore
import Kafka
import Sealing
import Streaming
import TestSupport
import Testing
import Timekeeping

/// A log goes through topics to its copy.
@Suite(.serialized, .timeLimit(.minutes(30))) struct ReplicationTests {
    let cluster: MockCluster
    let topics: Topics
    let origin: Node
    let copy: Node

    init() async throws {
        cluster = try await MockCluster()
        topics = try Topics(territory: cluster.territory)
        try await cluster.create(topics)
        origin = try Node(cluster, topics)
        copy = try Node(cluster, topics, role: .replica)
    }

    private func until(_ node: Node, has position: Int64) async throws {
        _ = try await node.log.nextCommit(after: position - 1)
    }

    @Test func `20,000 events arrive with their hashes, their commands and their keys`() async throws {
        try await origin.fill(20_000, seed: 1)
        try await running(origin.relay().run) {
            try await running(copy.follower.run) { try await until(copy, has: 20_000) }
        }
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
        let events = try copy.log.read(after: 0, limit: 100)
        for event in events { #expect(try copy.vault.payload(of: event) == origin.vault.payload(of: event)) }
        let again = try copy.log.command(scope: "test", key: "1-2")
        #expect(again?.answer == Array("answer 2".utf8))
    }

    @Test(.enabled(if: MockCluster.isMock)) func `a broker that goes down in the middle delays, and loses nothing`() async throws {
        try await origin.fill(2_000, seed: 2)
        try await running(origin.relay(RelaySettings(batchLimit: 100)).run) {
            try await running(copy.follower.run) {
                try await until(copy, has: 300)
                try await cluster.tell("broker down 2")
                try await origin.fill(1_000, seed: 3)
                try await Task.sleep(for: .seconds(2))
                try await cluster.tell("broker up 2")
                try await until(copy, has: 3_000)
            }
        }
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
    }

    @Test(arguments: [11, 12] as [UInt64]) func `a relay and a follower that are stopped anywhere go on where they were`(seed: UInt64) async throws {
        try await origin.fill(3_000, seed: seed)
        var random = SplitMix64(seed: seed)
        var rounds = 0
        while try copy.log.head().position < 3_000, rounds < 16 {
            rounds += 1
            let pause = Duration.milliseconds(Int64.random(in: 0...2_000, using: &random))
            let isRelay = rounds % 2 == 1
            try await running(isRelay ? origin.relay(RelaySettings(batchLimit: 10)).run : copy.follower.run) { try await Task.sleep(for: pause) }
        }
        try await running(origin.relay().run) { try await running(copy.follower.run) { try await until(copy, has: 3_000) } }
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
        print("seed \(seed): \(rounds) starts")
    }

    @Test func `an erasure reaches the copy`() async throws {
        try await origin.fill(500, seed: 4)
        let event = try #require(try origin.log.read(after: 0, limit: 1).first)
        try await running(origin.relay().run) {
            try await running(copy.follower.run) {
                try await until(copy, has: 500)
                #expect(try copy.vault.payload(of: event) != nil)
                let keys = try #require(event.keyID)
                #expect(try origin.vault.destroy([keys], at: Instant(millisecondsSinceEpoch: 1_795_336_200_000)) == 1)
                while try copy.vault.payload(of: event) != nil { try await Task.sleep(for: .milliseconds(20)) }
            }
        }
        #expect(try copy.vault.payload(of: event) == nil)
        // Also for a copy that begins now, from a relay that begins now.
        let late = try Node(cluster, topics, role: .replica)
        try await origin.fill(10, seed: 5)
        try await running(origin.relay().run) { try await running(late.follower.run) { try await until(late, has: 510) } }
        #expect(try late.vault.payload(of: event) == nil)
        #expect(try late.log.verify().isSound)
    }

    @Test(.enabled(if: MockCluster.isMock)) func `a relay that was fenced off stops, and the next goes on`() async throws {
        try await origin.fill(200, seed: 6)
        let first = Task { [origin] in try await origin.relay(RelaySettings(batchLimit: 10)).run() }
        try await running(copy.follower.run) { try await until(copy, has: 200) }
        // The mock lets two producers have one transactional id: what a broker answers the first is told by hand.
        try await cluster.tell("error 26 47 1")
        try await origin.fill(200, seed: 7)
        await #expect(throws: StreamingError(.fenced, "")) { try await first.value }
        try await running(origin.relay().run) { try await running(copy.follower.run) { try await until(copy, has: 400) } }
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
    }

    @Test(.enabled(if: MockCluster.isMock)) func `two partitions that come late hold the others up, not the copy's memory`() async throws {
        try await origin.fill(3_000, seed: 8)
        try await running(origin.relay(RelaySettings(batchLimit: 200)).run) {
            // Two of the partitions and the log are led by brokers that take their time.
            try await cluster.tell("leader \(topics.events) 0 1")
            try await cluster.tell("leader \(topics.events) 1 1")
            try await cluster.tell("leader \(topics.events) 2 2")
            try await cluster.tell("leader \(topics.events) 3 2")
            try await cluster.tell("rtt 1 200")
            try await running(copy.follower.run) { try await until(copy, has: 3_000) }
        }
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
    }

    @Test func `an event that was changed on its way stops the copy at once, though nothing comes after it`() async throws {
        try await origin.fill(50, seed: 9)
        try await running(origin.relay().run) { try await running(copy.follower.run) { try await until(copy, has: 50) } }
        let source = try origin.log.replicationSource(after: ReplicationCheckpoint())
        var frontier = MerkleFrontier()
        for event in try origin.log.read(after: 0, limit: 50) { frontier.append(event.leafHash) }
        var made = Made(seed: 10)
        let event = made.event(position: 51)
        frontier.append(event.leafHash)
        let cursor = LogCursor(position: 51, command: source.checkpoint.cursor.command)
        let seal = BatchSeal(
            epoch: origin.log.epoch,
            attempt: 1,
            first: 51,
            last: 51,
            attachmentCount: 0,
            commandCount: 0,
            rootHash: frontier.root,
            keysThrough: 0,
            writerAt: nil,
            recordedAt: 0,
            checkpoint: try #require(ReplicationCheckpoint(cursor: cursor, frontier: frontier))
        )
        var encoder = EventEncoder(topics: topics, identity: Node.identity)
        let records = [
            encoder.record(of: event, epoch: origin.log.epoch),
            LogRecordEncoder(topics: topics, identity: Node.identity).record(of: .batch(seal)),
        ]
        let producer = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        for result in try await producer.send(records) { _ = try result.get() }
        await producer.shutdown()
        await #expect(throws: EventStoreError(.invalidBatch, "")) { try await copy.follower.run() }
        #expect(try copy.log.head().position == 50)
        #expect(try copy.log.verify().isSound)
    }
}
