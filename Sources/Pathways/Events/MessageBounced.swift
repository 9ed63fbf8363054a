public import Timekeeping

/// A message came back from a channel that had taken it. Of the report only a word and a code are kept: the subject of a secure mail, which
/// reports repeat, names the patient.
public struct MessageBounced: EventBody {
    public static let type = "fr.relais.recipient.message-bounced.v1"
    /// RPPS.
    public let recipient: String
    public let message: String
    public let channel: ChannelKind
    public let at: Instant
    public let reason: BounceReason
    /// As the report has it: `5.1.1` (RFC 3463), a gateway's own.
    public let code: String?

    public init(recipient: String, message: String, channel: ChannelKind, at: Instant, reason: BounceReason, code: String? = nil) {
        self.recipient = recipient
        self.message = message
        self.channel = channel
        self.at = at
        self.reason = reason
        self.code = code
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        message = try json.string("message")
        channel = try json.word("channel")
        at = try json.instant("at")
        reason = try json.word("reason")
        code = try json.optionalString("code")
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("message", message)
        json.write("channel", channel)
        json.write("at", at)
        json.write("reason", reason)
        json.write("code", code)
    }
}
