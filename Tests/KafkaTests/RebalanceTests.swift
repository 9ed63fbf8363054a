import Kafka
import Synchronization
import Testing

extension AllTests {
    @Suite struct RebalanceTests {
        /// Does work, one message after the other, and commits it now and then; `shared` is what the group knows as committed.
        private final class Worker: Sendable {
            private let done = Mutex<[KafkaPartition: KafkaOffset]>([:])
            private let owned = Mutex<Set<KafkaPartition>>([])
            private let isCommitting = Mutex(false)
            private let shared: Committed
            let events = Tally()

            init(_ shared: Committed) { self.shared = shared }

            func take(_ partitions: [KafkaPartition]) { owned.withLock { $0.formUnion(partitions) } }

            /// What was handed out before its partition was given up is not ours to do any more.
            func work(_ messages: [KafkaMessage], on tally: Tally) {
                owned.withLock { owned in
                    for message in messages where owned.contains(message.next.place) {
                        if shared.has(message) { tally.add("again \(message.partition) \(message.offset)") }
                        tally.add("\(message.partition) \(message.offset)")
                        done.withLock { $0[message.next.place] = message.next }
                    }
                }
            }

            /// Gives partitions up and commits what is done in them.
            func giveUp(_ revocation: KafkaRevocation, _ consumer: KafkaConsumer?) async {
                owned.withLock { $0.subtract(revocation.partitions) }
                while isCommitting.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
                let offsets = done.withLock { done in revocation.partitions.compactMap { done.removeValue(forKey: $0) } }
                guard !revocation.isLost, let consumer else { return events.add("refused") }
                do {
                    try await consumer.commit(offsets)
                    shared.note(offsets)
                    events.add("committed")
                } catch {
                    events.add("refused")
                }
            }

            /// Commits all that is done, unless partitions are being given up: that has its own commit.
            func commit(_ consumer: KafkaConsumer) async {
                isCommitting.withLock { $0 = true }
                defer { isCommitting.withLock { $0 = false } }
                let mine = owned.withLock { $0 }
                let offsets = done.withLock { done in done.values.filter { mine.contains($0.place) } }
                guard (try? await consumer.commit(offsets)) != nil else { return }
                shared.note(offsets)
            }
        }

        private final class Committed: Sendable {
            private let offsets = Mutex<[KafkaPartition: Int64]>([:])

            func note(_ more: [KafkaOffset]) {
                offsets.withLock { offsets in for offset in more { offsets[offset.place] = max(offset.offset, offsets[offset.place] ?? 0) } }
            }

            func has(_ message: KafkaMessage) -> Bool {
                offsets.withLock { $0[message.next.place, default: 0] > message.offset }
            }
        }

        private final class Link: Sendable {
            let consumer = Mutex<KafkaConsumer?>(nil)
        }

        private static func consumer(
            _ cluster: TestCluster,
            _ group: String,
            _ settings: [String: String],
            _ worker: Worker
        ) throws -> KafkaConsumer {
            let link = Link()
            let hooks = KafkaRebalanceHooks(
                onAssign: { partitions in
                    worker.take(partitions)
                    return []
                },
                onRevoke: { revocation in
                    worker.events.add("revoked")
                    await worker.giveUp(revocation, link.consumer.withLock { $0 })
                }
            )
            let consumer = try cluster.consumer(settings, group: group, hooks: hooks)
            link.consumer.withLock { $0 = consumer }
            return consumer
        }

        @Test(arguments: ["range", "roundrobin", "cooperative-sticky"])
        func `Work is shared out while it goes on: nothing is lost, and nothing that was committed is done twice`(strategy: String) async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 4)
            let settings = ["partition.assignment.strategy": strategy]
            let producer = try cluster.producer()
            let tally = Tally()
            let committed = Committed()
            let first = Worker(committed)
            let second = Worker(committed)
            let early = try Self.consumer(cluster, topic, settings, first)
            try await early.subscribe([topic])
            let total = 4000
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for chunk in 0..<(total / 40) {
                        let records = (0..<40).map { KafkaRecord(topic: topic, partition: Int32($0 % 4), value: [UInt8($0), UInt8(chunk % 256)]) }
                        for result in try await producer.send(records) { _ = try result.get() }
                    }
                }
                group.addTask {
                    try await Self.serve(early, first, tally)
                }
                while tally.all.count < 200 { try await Task.sleep(for: .milliseconds(5)) }
                let late = try Self.consumer(cluster, topic, settings, second)
                try await late.subscribe([topic])
                group.addTask {
                    try await Self.serve(late, second, tally)
                }
                while try await late.assignment().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
                while Set(tally.all).count < total { try await Task.sleep(for: .milliseconds(20)) }
                await early.shutdown()
                // What the early one gave up goes to the late one, from where it was committed.
                while try await late.assignment().count < 4 { try await Task.sleep(for: .milliseconds(20)) }
                await late.shutdown()
                await producer.shutdown()
                try await group.waitForAll()
            }
            let events = "\(first.events.all) \(second.events.all)"
            #expect(Set(tally.all).count == total, "\(events)")
            #expect(!tally.all.contains { $0.hasPrefix("again") }, "\(events)")
            #expect(first.events.all.last == "committed", "\(events)")
            // The mock refuses some commits that Kafka takes while somebody joins; what they stood for is done again.
            if !events.contains("refused") { #expect(tally.all.count == total, "\(events)") }
        }

        /// Works until the consumer is closed.
        private static func serve(_ consumer: KafkaConsumer, _ worker: Worker, _ tally: Tally) async throws {
            var turns = 0
            do {
                while true {
                    worker.work(try await consumer.next(limit: 10), on: tally)
                    turns += 1
                    if turns % 5 == 0 { await worker.commit(consumer) }
                }
            } catch let error as KafkaError {
                #expect(error.code == .closed)
            }
        }

        @Test func `Shutdown has finished work committed before the partitions are given up`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send((0..<10).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            await producer.shutdown()
            let worker = Worker(Committed())
            let consumer = try Self.consumer(cluster, topic, [:], worker)
            try await consumer.subscribe([topic])
            let tally = Tally()
            while tally.all.count < 6 { worker.work(try await consumer.next(limit: 6 - tally.all.count), on: tally) }
            await consumer.shutdown()
            #expect(worker.events.all == ["revoked", "committed"])
            let next = try cluster.consumer(group: topic)
            try await next.subscribe([topic])
            #expect(try await next.next().first?.offset == 6)
            await next.shutdown()
        }

        @Test func `Where to begin may be said when partitions are assigned`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic(partitions: 2)
            let producer = try cluster.producer()
            _ = try await producer.send((0..<20).map { KafkaRecord(topic: topic, partition: Int32($0 % 2), value: [$0]) })
            await producer.shutdown()
            let hooks = KafkaRebalanceHooks(onAssign: { partitions in
                partitions.filter { $0.partition == 1 }.map { KafkaOffset(topic: $0.topic, partition: 1, offset: 8) }
            })
            let consumer = try cluster.consumer(group: topic, hooks: hooks)
            try await consumer.subscribe([topic])
            var offsets: [Int32: [Int64]] = [:]
            while (offsets[0]?.count ?? 0) + (offsets[1]?.count ?? 0) < 12 {
                for message in try await consumer.next() { offsets[message.partition, default: []].append(message.offset) }
            }
            #expect(offsets == [0: Array(0..<10), 1: [8, 9]])
            await consumer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `Partitions that the group took away are told as lost, and commits for them are refused`()
            async throws
        {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            let producer = try cluster.producer()
            _ = try await producer.send(KafkaRecord(topic: topic, partition: 0, value: [1]))
            await producer.shutdown()
            let lost = Tally()
            let hooks = KafkaRebalanceHooks(onRevoke: { revocation in lost.add(revocation.isLost ? "lost" : "revoked") })
            let consumer = try cluster.consumer(group: topic, hooks: hooks)
            try await consumer.subscribe([topic])
            let offset = try #require(try await consumer.next().first).next
            // UNKNOWN_MEMBER_ID to Heartbeat (12): the group forgot us.
            try await cluster.tell("error 12 25 1")
            while lost.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            #expect(lost.all == ["lost"])
            // ILLEGAL_GENERATION to OffsetCommit (8).
            try await cluster.tell("error 8 22 1")
            await #expect(throws: KafkaError(.notAMember, "")) { try await consumer.commit([offset]) }
            // It comes back by itself.
            #expect(try await consumer.next().first?.offset == 0)
            await consumer.shutdown()
        }

        @Test(.enabled(if: TestCluster.isMock)) func `The group's coordinator may move and be away`() async throws {
            let cluster = try await TestCluster()
            let topic = try await cluster.topic()
            try await cluster.tell("leader \(topic) 0 3")
            try await cluster.tell("coordinator group \(topic) 1")
            let producer = try cluster.producer()
            _ = try await producer.send((0..<3).map { KafkaRecord(topic: topic, partition: 0, value: [$0]) })
            await producer.shutdown()
            let consumer = try cluster.consumer(group: topic)
            try await consumer.subscribe([topic])
            let offset = try #require(try await consumer.next(limit: 1).first).next
            try await cluster.tell("coordinator group \(topic) 2")
            // NOT_COORDINATOR to OffsetCommit (8) and Heartbeat (12).
            try await cluster.tell("error 8 16 1")
            try await cluster.tell("error 12 16 1")
            while true {
                do {
                    try await consumer.commit([offset])
                    break
                } catch let error as KafkaError {
                    #expect(error.isRetriable || error.code == .notAMember, "\(error)")
                    try await Task.sleep(for: .milliseconds(100))
                }
            }
            #expect(try await consumer.committed([offset.place]) == [offset.place: offset.offset])
            await consumer.shutdown()
        }
    }
}
