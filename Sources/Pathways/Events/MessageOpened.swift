public import Timekeeping

/// The person saw what the message tells, and how that is known.
public struct MessageOpened: EventBody {
    public static let type = "fr.relais.recipient.message-opened.v1"
    /// RPPS.
    public let recipient: String
    public let message: String
    public let via: OpeningWay
    /// Whose link it was; nil where none led there.
    public let channel: ChannelKind?
    public let at: Instant

    public init(recipient: String, message: String, via: OpeningWay, channel: ChannelKind? = nil, at: Instant) {
        self.recipient = recipient
        self.message = message
        self.via = via
        self.channel = channel
        self.at = at
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        message = try json.string("message")
        via = try json.word("via")
        channel = try json.optionalWord("channel")
        at = try json.instant("at")
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("message", message)
        json.write("via", via)
        json.write("channel", channel)
        json.write("at", at)
    }
}
