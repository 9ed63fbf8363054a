import Kafka
import Logging
import Notifications
import Streaming

/// Has the notifier that tells a person try a message again, wherever that is asked for.
struct RetryRequests: Sendable {
    let topics: Topics
    let settings: KafkaSettings
    let logger: Logger

    /// The key of a request: not the message's, under which whoever tells it keeps how far it got.
    private static func request(_ message: String) -> String { "retry/\(message)" }

    /// Asks whoever has the person.
    ///
    /// - Throws: ``SharingTrouble``.
    func ask(_ message: OutboxMessage) async throws {
        do {
            let administration = try KafkaAdministration(configuration: settings.configuration, logger: logger)
            let found = await Result { try await administration.topic(topics.outbox).partitions.count }
            await administration.shutdown()
            guard let share = PeopleShares.share(of: message.recipient, count: try found.get()) else { return }
            var sending = settings.configuration
            sending.settings.merge(SharedWork.producerDefaults) { own, _ in own }
            let producer = try KafkaProducer(configuration: sending, logger: logger)
            let record = KafkaRecord(
                topic: topics.outbox,
                partition: Int32(clamping: share),
                key: Array(Self.request(message.id).utf8),
                value: JournalRecord.open(message).bytes,
                headers: [KafkaHeader(SharedWork.requestHeader, text: "retry")]
            )
            let sent = await Result { try await producer.send(record) }
            await producer.shutdown(grace: .seconds(1))
            _ = try sent.get()
        } catch let error as KafkaError {
            throw SharingTrouble(error.message)
        }
    }
}
