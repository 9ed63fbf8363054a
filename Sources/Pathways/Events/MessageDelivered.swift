public import Timekeeping

/// The channel says that the message reached its address: a delivery report, not a reader.
public struct MessageDelivered: EventBody {
    public static let type = "fr.relais.recipient.message-delivered.v1"
    /// RPPS.
    public let recipient: String
    public let message: String
    public let channel: ChannelKind
    public let at: Instant

    public init(recipient: String, message: String, channel: ChannelKind, at: Instant) {
        self.recipient = recipient
        self.message = message
        self.channel = channel
        self.at = at
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        message = try json.string("message")
        channel = try json.word("channel")
        at = try json.instant("at")
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("message", message)
        json.write("channel", channel)
        json.write("at", at)
    }
}
