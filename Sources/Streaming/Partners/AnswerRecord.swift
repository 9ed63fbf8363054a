public import Kafka

/// Where an answer goes, and the record that it is.
public struct AnswerRecord: Sendable {
    private let topics: Topics

    public init(topics: Topics) { self.topics = topics }

    /// Whether the record's sender, who is known, may have its answer where it asks for: in the common topic, or in its own.
    public func accepts(_ message: KafkaMessage, from partner: String) -> Bool {
        guard let place = message.headers.first(where: { $0.name == Self.replyTo }) else { return true }
        guard let name = place.text else { return false }
        return name == topics.answers || name == (try? topics.answers(to: partner))
    }

    /// The record that answers another one.
    ///
    /// - Parameter isCommon: in the common topic whatever was asked for: the sender's own cannot be written.
    public func record(of answer: IntakeAnswer, to message: KafkaMessage, isCommon: Bool = false) -> KafkaRecord {
        var topic = topics.answers
        if !isCommon, let partner = answer.partner, let name = message.header(Self.replyTo), accepts(message, from: partner) { topic = name }
        var headers = [
            KafkaHeader("relais_status", text: "\(answer.status)"),
            KafkaHeader("relais_intake", text: "\(message.partition)/\(message.offset)"),
        ]
        if let partner = answer.partner { headers.append(KafkaHeader("relais_partner", text: partner)) }
        return KafkaRecord(topic: topic, key: message.key, value: answer.body, headers: headers + answer.headers)
    }

    /// Header of a record that names the topic for its answer.
    static let replyTo = "reply-to"
}
