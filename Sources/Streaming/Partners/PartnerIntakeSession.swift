import Kafka
import Logging

/// The intake from one start to the next; used by one task.
struct PartnerIntakeSession: PartnerLine.Session {
    private typealias Exchange = (message: KafkaMessage, answer: IntakeAnswer)

    private let intake: PartnerIntake
    private let answers: AnswerRecord
    private var producer: KafkaProducer?
    private var consumer: KafkaConsumer?
    private(set) var hasWorked = false

    init(_ intake: PartnerIntake) {
        self.intake = intake
        answers = AnswerRecord(topics: intake.topics)
    }

    mutating func run() async throws -> Never {
        let producer = try intake.line.makeProducer()
        self.producer = producer
        // What another one was committing has ended then, one way or the other.
        try await producer.initTransactions()
        let consumer = try intake.makeConsumer()
        self.consumer = consumer
        let topic = try await consumer.topic(intake.topics.intake)
        try await consumer.assign(
            topic.partitions.map { KafkaOffset(topic: topic.name, partition: $0.number, offset: KafkaOffset.stored) }
        )
        intake.status.succeed()
        while true {
            let messages = try await consumer.next(limit: intake.settings.commandLimit)
            let exchanges = try await work(on: messages)
            try await intake.settle()
            try await answer(exchanges, producer, consumer)
            hasWorked = true
            intake.status.succeed(count: exchanges.count)
        }
    }

    /// Partitions side by side, each in its order.
    private func work(on messages: [KafkaMessage]) async throws -> [Exchange] {
        let answer = intake.answer
        return try await withThrowingTaskGroup(of: [Exchange].self) { group in
            for partition in Dictionary(grouping: messages, by: \.partition).values {
                group.addTask {
                    var exchanges: [Exchange] = []
                    for message in partition { exchanges.append((message, try await answer(message))) }
                    return exchanges
                }
            }
            var all: [Exchange] = []
            for try await exchanges in group { all += exchanges }
            return all
        }
    }

    private func answer(_ exchanges: [Exchange], _ producer: KafkaProducer, _ consumer: KafkaConsumer) async throws {
        var places: [Int32: KafkaOffset] = [:]
        for exchange in exchanges where exchange.message.next.offset > places[exchange.message.partition]?.offset ?? 0 {
            places[exchange.message.partition] = exchange.message.next
        }
        let (offsets, membership) = (Array(places.values), try await consumer.membership())
        var records: [KafkaRecord] = []
        var own: Set<String> = []
        for exchange in exchanges {
            let record = answers.record(of: exchange.answer, to: exchange.message)
            let isOwn = record.topic != intake.topics.answers
            if isOwn, try await !intake.ownTopics.isUsable(record.topic, { try await consumer.topic(record.topic) }) {
                records.append(answers.record(of: exchange.answer, to: exchange.message, isCommon: true))
                continue
            }
            if isOwn { own.insert(record.topic) }
            records.append(record)
        }
        do {
            _ = try await producer.transaction(records, offsets: offsets, as: membership)
        } catch let error as KafkaError where !own.isEmpty && !error.isFatal {
            // A partner's own topic must not hold up the others' answers.
            intake.ownTopics.distrust(own)
            intake.line.logger.warning("answers go to the common topic for a while", metadata: ["reason": "\(error.message)"])
            let records = exchanges.map { answers.record(of: $0.answer, to: $0.message, isCommon: true) }
            _ = try await producer.transaction(records, offsets: offsets, as: membership)
        }
    }

    mutating func end() async {
        await producer?.shutdown(grace: .seconds(2))
        await consumer?.shutdown(grace: .seconds(2))
        (producer, consumer) = (nil, nil)
    }
}
