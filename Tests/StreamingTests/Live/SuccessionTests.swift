import EventStore
import Kafka
import Sealing
import Streaming
import TestSupport
import Testing
import Timekeeping

/// A copy takes over, and the old writer comes back.
@Suite(.serialized, .timeLimit(.minutes(30))) struct SuccessionTests {
    let cluster: MockCluster
    let topics: Topics

    init() async throws {
        cluster = try await MockCluster()
        topics = try Topics(territory: cluster.territory)
        try await cluster.create(topics)
    }

    private func demotion(_ directory: TemporaryDirectory) -> Demotion {
        Demotion(of: directory.path, identity: Node.identity, topics: topics, configuration: cluster.configuration, logger: .quiet)
    }

    @Test func `the old writer is refused, sets its tail aside, and there is one history`() async throws {
        let directory = try TemporaryDirectory()
        let copy = try Node(cluster, topics, role: .replica)
        try await { () async throws in
            let old = try Node(cluster, topics, directory: directory)
            try await old.fill(1_000, seed: 20)
            try await running(old.relay().run) { try await running(copy.follower.run) { _ = try await copy.log.nextCommit(after: 999) } }
            // What nobody else gets to know.
            try await old.fill(150, seed: 21)
            #expect(try await demotion(directory).successor() == nil)
            await old.close()
        }()
        let report = try await Promotion(of: copy.follower, configuration: cluster.configuration, logger: .quiet).run()
        #expect(report.head.position == 1_000 && report.head.epoch == 1 << 32 && copy.log.role == .writer)
        try await copy.fill(500, seed: 22)

        try await running(copy.relay().run) {
            // The old writer comes back.
            try await { () async throws in
                let old = try Node(cluster, topics, directory: directory)
                await #expect(throws: StreamingError(.replaced, "")) { try await demotion(directory).check() }
                await #expect(throws: StreamingError(.replaced, "")) { try await old.relay().run() }
                await old.close()
            }()
            let restarted = demotion(directory)
            let demoted = try #require(try await restarted.run(to: directory.file("tail")))
            #expect(demoted.tail?.eventCount == 150 && demoted.tail?.after == 1_000)
            #expect(try LogTail.read(directory.file("tail")) == demoted.tail)
            #expect(try await restarted.run(to: directory.file("tail")) == nil)

            let back = try Node(cluster, topics, role: .replica, directory: directory)
            try await running(back.follower.run) { _ = try await back.log.nextCommit(after: 1_499) }
            try await back.follower.catchUp()
            try expectSame(back.log, copy.log)
            await back.close()
        }
        // And takes over again.
        let again = try Node(cluster, topics, role: .replica, directory: directory)
        let second = try await Promotion(of: again.follower, configuration: cluster.configuration, logger: .quiet).run()
        #expect(second.head.epoch == 2 << 32 && second.head.position == 1_500)
        await #expect(throws: StreamingError(.replaced, "")) { try await copy.relay().run() }
        try await again.fill(100, seed: 23)
        let late = try Node(cluster, topics, role: .replica)
        try await running(again.relay().run) { try await running(late.follower.run) { _ = try await late.log.nextCommit(after: 1_599) } }
        try await late.follower.catchUp()
        try expectSame(late.log, again.log)
    }

    @Test func `what is acknowledged, and shown, is in the topic`() async throws {
        let origin = try Node(cluster, topics)
        let progress = ReplicationProgress()
        let log = ReplicatedLog(origin.log, progress: progress, patience: .milliseconds(300))
        let ids = EventIDGenerator(time: .system, random: SeededRandom(seed: 30).next)
        @Sendable func request(_ number: Int) -> AppendRequest {
            let event = NewEvent(
                id: ids.next(),
                type: "fr.relais.test.happened.v1",
                source: "urn:relais:test",
                time: .init(millisecondsSinceEpoch: 0),
                payload: [1]
            )
            return AppendRequest(
                command: CommandKey(scope: "test", key: "\(number)", body: [], match: .keyAlone),
                writes: [StreamWrite(stream: origin.stream(1), expected: .any, events: [event])],
                answer: [2]
            )
        }
        // No relay: recorded here, and neither acknowledged nor shown.
        await #expect(throws: EventStoreError(.storageUnavailable, "")) { try await log.append(request(1)) }
        #expect(try log.head().position == 0 && origin.log.head().position == 1)
        #expect(try log.read(after: 0, limit: 10).isEmpty && log.command(scope: "test", key: "1") == nil)
        #expect(try log.reader.version(of: origin.stream(1)) == 0 && log.version(of: origin.stream(1)) == 1)

        let patient = ReplicatedLog(origin.log, progress: progress)
        try await running(origin.relay(RelaySettings(batchLimit: 3), progress: progress).run) {
            guard case .repeated(let answer, let position) = try await patient.append(request(1)) else {
                Issue.record("The repetition was not recognised.")
                return
            }
            #expect(answer == [2] && position == 1)
            let watching = Task {
                var reached: Int64 = 0
                while reached < 300 {
                    reached = try await patient.nextCommit(after: reached)
                    let shown = try patient.read(after: 0, limit: 1_000)
                    let head = try patient.head()
                    #expect(Int64(shown.count) <= progress.cursor.position)
                    #expect(try origin.log.rootHash(at: head.position) == head.rootHash)
                }
            }
            try await withThrowingTaskGroup { group in
                for number in 2...300 {
                    group.addTask {
                        let outcome = try await patient.append(request(number))
                        #expect(outcome.position <= progress.cursor.position)
                        #expect(try patient.command(scope: "test", key: "\(number)")?.answer == [2])
                    }
                }
                try await group.waitForAll()
            }
            try await watching.value
        }
        // The topic has all that was acknowledged.
        let copy = try Node(cluster, topics, role: .replica)
        try await copy.follower.catchUp()
        try expectSame(copy.log, origin.log)
    }
}
