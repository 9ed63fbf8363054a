public import Timekeeping

/// Nothing more is tried with a message, and who is told instead. Never silent: it is an event, and a news to somebody else.
public struct MessageUndeliverable: EventBody {
    public static let type = "fr.relais.recipient.message-undeliverable.v1"
    /// RPPS.
    public let recipient: String
    public let message: String
    public let items: [ToldItem]
    /// In the order in which they were; none where there was nothing to try.
    public let tried: [ChannelKind]
    public let reason: UndeliverableReason
    /// RPPS of the référent-parcours; nil where it is they who cannot be reached, which is an alarm and no news.
    public let told: String?
    public let at: Instant

    public init(
        recipient: String,
        message: String,
        items: [ToldItem],
        tried: [ChannelKind],
        reason: UndeliverableReason,
        told: String?,
        at: Instant
    ) {
        self.recipient = recipient
        self.message = message
        self.items = items
        self.tried = tried
        self.reason = reason
        self.told = told
        self.at = at
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        message = try json.string("message")
        items = try json.objects("items") { (object) throws(CodecError) in try ToldItem(from: object) }
        tried = try json.words("tried")
        reason = try json.word("reason")
        told = try json.optionalString("told")
        at = try json.instant("at")
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("message", message)
        json.write("items", items) { $1.write(to: &$0) }
        json.write("tried", tried.map(\.rawValue))
        json.write("reason", reason)
        json.write("told", told)
        json.write("at", at)
    }
}
