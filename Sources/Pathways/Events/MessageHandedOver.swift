public import Timekeeping

/// A message was handed over to a channel, which answered that it has it. What was in it is told by ids alone.
public struct MessageHandedOver: EventBody {
    public static let type = "fr.relais.recipient.message-handed-over.v1"
    /// RPPS.
    public let recipient: String
    /// Id of the message, the same for every repeat and on every channel.
    public let message: String
    public let channel: ChannelKind
    public let items: [ToldItem]
    public let urgency: News.Urgency
    /// 0 for the first telling, 1 and 2 for reminders of it.
    public let reminder: Int
    /// How many attempts it took on this channel.
    public let attempts: Int
    /// What the channel calls it: the queue id of a mail server, the number of an SMS gateway.
    public let receipt: String?
    public let at: Instant

    public init(
        recipient: String,
        message: String,
        channel: ChannelKind,
        items: [ToldItem],
        urgency: News.Urgency,
        reminder: Int = 0,
        attempts: Int,
        receipt: String? = nil,
        at: Instant
    ) {
        self.recipient = recipient
        self.message = message
        self.channel = channel
        self.items = items
        self.urgency = urgency
        self.reminder = reminder
        self.attempts = attempts
        self.receipt = receipt
        self.at = at
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        message = try json.string("message")
        channel = try json.word("channel")
        items = try json.objects("items") { (object) throws(CodecError) in try ToldItem(from: object) }
        urgency = try json.word("urgency")
        reminder = try json.int("reminder")
        attempts = try json.int("attempts")
        receipt = try json.optionalString("receipt")
        at = try json.instant("at")
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("message", message)
        json.write("channel", channel)
        json.write("items", items) { $1.write(to: &$0) }
        json.write("urgency", urgency)
        json.write("reminder", reminder)
        json.write("attempts", attempts)
        json.write("receipt", receipt)
        json.write("at", at)
    }
}
