import Kafka
import Streaming
import Web

// Records of the intake, between Kafka and the API.

extension PartnerRecord {
    init(_ message: KafkaMessage, _ answers: AnswerRecord) {
        let partner = message.header("relais_partner")
        var signature: Signature?
        if let id = message.header("webhook-id"), let timestamp = message.header("webhook-timestamp").flatMap({ Int64($0) }),
            let signatures = message.header("webhook-signature")
        {
            signature = Signature(id: id, timestamp: timestamp, signatures: signatures)
        }
        self.init(
            partner: partner,
            key: message.key,
            contentType: message.header("content-type"),
            signature: signature,
            value: message.value,
            canBeAnswered: partner.map { answers.accepts(message, from: $0) } ?? true,
            place: "intake-\(message.partition)-\(message.offset)"
        )
    }
}

extension IntakeAnswer {
    init(_ answer: PartnerAnswer) {
        let headers = answer.headers.sorted { $0.key < $1.key }.map { name, value in
            KafkaHeader(Self.names[name] ?? name, text: value)
        }
        self.init(status: answer.status, headers: headers, body: answer.body, partner: answer.partner)
    }

    /// As our own headers are written.
    private static let names = ["location": "relais_location", "relais-position": "relais_position", "retry-after": "relais_retryafter"]
}
