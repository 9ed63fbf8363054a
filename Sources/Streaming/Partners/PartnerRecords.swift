import EventStore
import Kafka
import Timekeeping

/// Documents ⇄ records of a partner's topic: CloudEvents in binary mode. Each says of which event it is, and the how-manieth of how many, so that
/// the end of the topic tells where to go on.
struct PartnerRecords: Sendable {
    private static let event = "relais_event"
    private static let index = "relais_index"
    private static let count = "relais_count"

    let topic: String
    let territory: String

    /// All that one event gives, in one partition: the order of the log.
    func records(of documents: [PartnerDocument], _ event: RecordedEvent) -> [KafkaRecord] {
        documents.enumerated().map { index, document in
            var headers = [
                KafkaHeader(HeaderName.specVersion, text: "1.0"),
                KafkaHeader(HeaderName.id, text: document.id),
                KafkaHeader(HeaderName.source, text: "urn:relais:\(territory)"),
                KafkaHeader(HeaderName.type, text: document.type),
                KafkaHeader(HeaderName.time, text: document.time.rfc3339),
                KafkaHeader(HeaderName.contentType, text: "application/json"),
                KafkaHeader(HeaderName.recordedTime, text: event.recordedAt.rfc3339),
                KafkaHeader(HeaderName.position, HeaderText.decimal(event.position)),
                KafkaHeader(HeaderName.territory, text: territory),
                KafkaHeader(Self.event, text: event.id.description),
                KafkaHeader(Self.index, HeaderText.decimal(Int64(index) + 1)),
                KafkaHeader(Self.count, HeaderText.decimal(Int64(documents.count))),
            ]
            if let subject = document.subject { headers.insert(KafkaHeader(HeaderName.subject, text: subject), at: 4) }
            return KafkaRecord(topic: topic, partition: 0, key: document.subject.map { Array($0.utf8) }, value: document.body, headers: headers)
        }
    }

    /// How far a record says that the topic has come; nil if the record is none of ours.
    static func end(in message: KafkaMessage) -> PartnerTopicEnd? {
        var reader = HeaderReader(message)
        guard let position = try? reader.count(HeaderName.position), position > 0, let event = try? reader.eventID(Self.event) ?? nil,
            let index = try? reader.count(Self.index), let count = try? reader.count(Self.count), (1...max(1, count)).contains(index)
        else { return nil }
        return PartnerTopicEnd(position: position, event: event, isWhole: index == count)
    }
}
