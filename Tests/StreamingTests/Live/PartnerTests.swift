import EventStore
import Foundation
import Kafka
import Streaming
import TestSupport
import Testing
import Timekeeping

/// Partners' topics and the intake on brokers that are there.
@Suite(.serialized, .timeLimit(.minutes(30))) struct PartnerTests {
    let cluster: MockCluster
    let topics: Topics

    init() async throws {
        cluster = try await MockCluster()
        topics = try Topics(territory: cluster.territory)
    }

    // MARK: - What a partner is told

    /// Of every third event none, of the others one or two.
    @Sendable private static func documents(of event: RecordedEvent) -> [PartnerDocument] {
        (0..<event.position % 3).map { number in
            PartnerDocument(
                id: "\(event.id)-\(number)",
                subject: event.stream.hex,
                type: "fr.relais.test.v1",
                time: event.time,
                body: Array("\(event.position)".utf8)
            )
        }
    }

    private func feed(_ node: Node, _ partner: String = "one", status: PartnerStatus = PartnerStatus(), batch: Int = 20) throws -> PartnerFeed {
        try PartnerFeed(
            partner: partner,
            topics: topics,
            log: node.log,
            configuration: cluster.configuration,
            settings: PartnerSettings(batchLimit: batch, backOff: BackOff(first: 50, longest: 200)),
            status: status,
            logger: .quiet,
            documents: Self.documents
        )
    }

    private func makeTopics(_ partners: [String] = ["one"]) async throws {
        try await cluster.create(topics)
        guard MockCluster.isMock else {
            let administration = try KafkaAdministration(configuration: cluster.configuration, logger: .quiet)
            let plan = TopicPlan(eventPartitions: 4, intakePartitions: 3, replication: 1, minimumInSync: 1)
            _ = try await TopicKeeper(topics: topics, plan: plan, administration: administration).create(partners: partners)
            await administration.shutdown()
            return
        }
        for partner in partners { try await cluster.tell("topic \(try topics.partner(partner)) 1") }
        for topic in [topics.intake, topics.answers] { try await cluster.tell("topic \(topic) 3") }
    }

    private func expected(_ node: Node) throws -> [String] {
        try node.log.read(after: 0, limit: .max).flatMap { Self.documents(of: $0).map(\.id) }
    }

    private func wait(_ what: String, seconds: Int = 60, _ condition: () throws -> Bool) async throws {
        for _ in 0..<(seconds * 50) {
            if try condition() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("waited for: \(what)")
    }

    private static func ids(_ messages: [KafkaMessage]) -> [String] {
        var seen: Set<String> = []
        return messages.compactMap { $0.header("ce_id") }.filter { seen.insert($0).inserted }
    }

    @Test(arguments: [11, 12] as [UInt64]) func `a partner is told all of its share in order, however often it is broken off`(
        seed: UInt64
    ) async throws {
        try await makeTopics()
        let node = try Node(cluster, topics)
        try await node.fill(300, seed: seed)
        var random = SplitMix64(seed: seed)
        for _ in 0..<4 {
            let task = Task { [feed = try feed(node)] in try await feed.run() }
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_500, using: &random)))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        try await node.fill(100, seed: seed + 100)
        let status = PartnerStatus()
        let task = Task { [feed = try feed(node, status: status)] in try await feed.run() }
        let head = try node.log.head().position
        try await wait("the log's end") { status.report.position == head }
        // What comes later comes too.
        try await node.fill(50, seed: seed + 200)
        let end = try node.log.head().position
        try await wait("the log's new end") { status.report.position == end }
        task.cancel()
        _ = try? await task.value
        let messages = try await cluster.read(try topics.partner("one"))
        #expect(Self.ids(messages) == (try expected(node)), "seed \(seed)")
        #expect(status.report.trouble == nil)
    }

    @Test func `an event that was cut short is told again, and what somebody else wrote is passed over`() async throws {
        try await makeTopics()
        let node = try Node(cluster, topics)
        try await node.fill(60, seed: 21)
        let first = try feed(node)
        let task = Task { try await first.run() }
        let topic = try topics.partner("one")
        try await Task.sleep(for: .seconds(3))
        task.cancel()
        _ = try? await task.value
        let whole = try await cluster.read(topic)
        let pair = try #require(whole.last { $0.header("relais_count") == "2" && $0.header("relais_index") == "1" })
        try await node.fill(30, seed: 22)
        // The next pair's first half, as a broker shows it whose transaction never ended; then something that is none of ours.
        let position = try #require(try node.log.read(after: 60, limit: 30).first { $0.position % 3 == 2 })
        var headers = pair.headers
        headers = headers.map { header in
            switch header.name {
            case "ce_position": KafkaHeader(header.name, text: "\(position.position)")
            case "relais_event": KafkaHeader(header.name, text: "\(position.id)")
            case "ce_id": KafkaHeader(header.name, text: "\(position.id)-0")
            default: header
            }
        }
        let producer = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        _ = try await producer.send([
            KafkaRecord(topic: topic, partition: 0, key: pair.key, value: Array("\(position.position)".utf8), headers: headers),
            KafkaRecord(topic: topic, partition: 0, value: [0xFF]),
        ])
        await producer.shutdown()
        let status = PartnerStatus()
        let second = try feed(node, status: status)
        let again = Task { try await second.run() }
        let head = try node.log.head().position
        try await wait("the log's end") { status.report.position == head }
        again.cancel()
        _ = try? await again.value
        let messages = try await cluster.read(topic).dropFirst(whole.count + 2)
        // From that event on, which is told whole: those before it were skipped by whoever wrote half of it.
        let expected = try node.log.read(after: position.position - 1, limit: 30).flatMap { Self.documents(of: $0).map(\.id) }
        #expect(Self.ids(Array(messages)) == expected)
    }

    @Test func `a topic that ends with an event that the log does not have is told what is kept once more`() async throws {
        try await makeTopics()
        let (old, new) = (try Node(cluster, topics), try Node(cluster, topics))
        try await old.fill(40, seed: 31)
        try await new.fill(40, seed: 32)
        for node in [old, new] {
            let status = PartnerStatus()
            let task = Task { [feed = try feed(node, status: status)] in try await feed.run() }
            let head = try node.log.head().position
            try await wait("the log's end") { status.report.position == head && status.report.count > 0 }
            task.cancel()
            _ = try? await task.value
        }
        let found = Self.ids(try await cluster.read(try topics.partner("one")))
        #expect(found == (try expected(old) + expected(new)))
    }

    @Test(.enabled(if: MockCluster.isMock)) func `a topic in trouble holds up nobody else, and is made up for`() async throws {
        try await makeTopics(["one", "two"])
        let node = try Node(cluster, topics)
        try await node.fill(60, seed: 41)
        try await cluster.tell("topicerror \(try topics.partner("two")) 29")
        let (one, two) = (PartnerStatus(), PartnerStatus())
        let tasks = [
            Task { [feed = try feed(node, "one", status: one)] in try await feed.run() },
            Task { [feed = try feed(node, "two", status: two)] in try await feed.run() },
        ]
        let head = try node.log.head().position
        try await wait("the sound topic") { one.report.position == head }
        try await wait("word of the other") { two.report.trouble != nil && two.report.failures > 0 }
        try await cluster.tell("topicerror \(try topics.partner("two")) 0")
        try await wait("the other topic") { two.report.position == head && two.report.trouble == nil }
        for task in tasks { task.cancel() }
        for task in tasks { _ = try? await task.value }
        for partner in ["one", "two"] {
            #expect(Self.ids(try await cluster.read(try topics.partner(partner))) == (try expected(node)))
        }
    }

    // MARK: - What partners ask

    /// Answers everything, and keeps what it was asked in which order.
    private func intake(_ status: PartnerStatus, _ asked: Collected) -> PartnerIntake {
        PartnerIntake(
            topics: topics,
            configuration: cluster.configuration,
            settings: PartnerSettings(commandLimit: 16, backOff: BackOff(first: 50, longest: 200)),
            status: status,
            logger: .quiet
        ) { message in
            asked.add([message])
            try await Task.sleep(for: .milliseconds(5))
            return IntakeAnswer(status: 200, body: Array("answer \(message.partition)/\(message.offset)".utf8), partner: "known")
        }
    }

    @Test(.enabled(if: MockCluster.isMock), arguments: [29, 3])
    func `answers whose own topic cannot be written go to the common one, and hold nobody up`(fault: Int) async throws {
        try await makeTopics()
        let own = try topics.answers(to: "known")
        try await cluster.tell("topic \(own) 1")
        // Not authorised; unknown.
        try await cluster.tell("topicerror \(own) \(fault)")
        let producer = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        let places = try await producer.send(
            (0..<6).map { number in
                let headers = number % 2 == 0 ? [KafkaHeader("reply-to", text: own)] : []
                return KafkaRecord(topic: topics.intake, partition: Int32(number % 3), value: [1], headers: headers)
            }
        ).map { try $0.get() }
        await producer.shutdown()
        let asked = intake(PartnerStatus(), Collected())
        let task = Task { try await asked.run() }
        var answered: Set<String> = []
        for _ in 0..<120 where answered.count < places.count {
            try await Task.sleep(for: .milliseconds(500))
            answered = Set(try await cluster.read(topics.answers).compactMap { $0.header("relais_intake") })
        }
        task.cancel()
        _ = try? await task.value
        #expect(answered == Set(places.map { "\($0.partition)/\($0.offset)" }))
    }

    @Test func `every record is answered, each partition in its order, whoever is broken off`() async throws {
        try await makeTopics()
        let producer = try KafkaProducer(configuration: cluster.configuration, logger: .quiet)
        let sent = (0..<150).map { (number: Int) -> KafkaRecord in
            let key: [UInt8]? = number % 7 == 0 ? nil : Array("k\(number)".utf8)
            let value: [UInt8]? = number % 11 == 0 ? nil : Array("v\(number)".utf8)
            let headers = number % 5 == 0 ? [KafkaHeader("reply-to", text: "\(topics.answers).nobody")] : []
            return KafkaRecord(topic: topics.intake, partition: Int32(number % 3), key: key, value: value, headers: headers)
        }
        let places = try await producer.send(sent).map { try $0.get() }
        await producer.shutdown()
        for _ in 0..<2 {
            let box = Collected()
            let broken = intake(PartnerStatus(), box)
            let task = Task { try await broken.run() }
            try await Task.sleep(for: .milliseconds(900))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            for (partition, messages) in Dictionary(grouping: box.messages, by: \.partition) {
                let offsets = messages.map(\.offset)
                #expect(offsets == offsets.sorted(), "partition \(partition)")
            }
        }
        let status = PartnerStatus()
        let last = intake(status, Collected())
        let task = Task { try await last.run() }
        var answered: [String: Set<[UInt8]>] = [:]
        let wanted = Set(places.map { "\($0.partition)/\($0.offset)" })
        for _ in 0..<60 where Set(answered.keys) != wanted {
            try await Task.sleep(for: .milliseconds(500))
            answered = [:]
            for message in try await cluster.read(topics.answers) {
                answered[message.header("relais_intake") ?? "", default: []].insert(message.value ?? [])
            }
        }
        task.cancel()
        _ = try? await task.value
        #expect(Set(answered.keys) == wanted)
        for (place, values) in answered { #expect(values == [Array("answer \(place)".utf8)]) }
        #expect(status.report.trouble == nil)
    }
}
