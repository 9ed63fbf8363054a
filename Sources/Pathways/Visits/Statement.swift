public import Timekeeping

/// When and in which message a sender said something. Among several statements about one movement or one identity the latest wins,
/// in this order and whatever the order of arrival (PAM France §5.3; I5): recorded (EVN-2), sent (MSH-7), control id (MSH-10), digest.
public struct Statement: Hashable, Sendable, Comparable {
    /// EVN-2: when the sender's system recorded the fact.
    public let recordedAt: Instant
    /// MSH-7: when the message was made.
    public let sentAt: Instant
    /// MSH-10, or the idempotency key of a command that came by another way.
    public let controlID: String
    /// The first 16 hexadecimal digits of the SHA-256 of the message's bytes.
    public let digest: String

    public init(recordedAt: Instant, sentAt: Instant, controlID: String, digest: String) {
        self.recordedAt = recordedAt
        self.sentAt = sentAt
        self.controlID = controlID
        self.digest = digest
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.recordedAt, left.sentAt, left.controlID, left.digest) < (right.recordedAt, right.sentAt, right.controlID, right.digest)
    }

    init(from json: JSONObject) throws(CodecError) {
        recordedAt = try json.instant("recordedAt")
        sentAt = try json.instant("sentAt")
        controlID = try json.string("controlID")
        digest = try json.string("digest")
    }

    func write(to json: inout JSONWriter) {
        json.write("recordedAt", recordedAt)
        json.write("sentAt", sentAt)
        json.write("controlID", controlID)
        json.write("digest", digest)
    }
}
