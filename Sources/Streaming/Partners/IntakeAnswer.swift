public import Kafka

/// What a partner's record is answered with.
public struct IntakeAnswer: Sendable, Hashable {
    /// As HTTP has it.
    public var status: Int
    public var headers: [KafkaHeader]
    public var body: [UInt8]
    /// Who sent it, once that is known for certain: only they may name a topic of their own for the answer.
    public var partner: String?

    public init(status: Int, headers: [KafkaHeader] = [], body: [UInt8], partner: String? = nil) {
        self.status = status
        self.headers = headers
        self.body = body
        self.partner = partner
    }
}
