/// How a professional wants to be told, in place of all that they said before. Without it the channels of the directory hold, and the
/// territory's quiet hours.
public struct ChannelsSet: EventBody {
    public static let type = "fr.relais.recipient.channels-set.v1"
    /// RPPS of whose wishes they are.
    public let recipient: String
    /// In the order in which they are tried; none: their own list alone.
    public let channels: [ChannelAddress]
    /// Their own; nil for the territory's. Those that end when they begin are none at all.
    public let quietHours: QuietHours?
    /// What they do not want a message about; it stays in their own list. Routine news only.
    public let mutedTemplates: [String]
    public let by: Attribution

    public init(recipient: String, channels: [ChannelAddress], quietHours: QuietHours? = nil, mutedTemplates: [String] = [], by: Attribution) {
        self.recipient = recipient
        self.channels = channels
        self.quietHours = quietHours
        self.mutedTemplates = mutedTemplates
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        recipient = try json.string("recipient")
        channels = try json.objects("channels") { (object) throws(CodecError) in try ChannelAddress(from: object) }
        quietHours = try json.optionalObject("quietHours").map { (object) throws(CodecError) in try QuietHours(from: object) }
        mutedTemplates = try json.strings("mutedTemplates")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("recipient", recipient)
        json.write("channels", channels) { $1.write(to: &$0) }
        if let quietHours { json.write("quietHours", object: quietHours.write) }
        json.write("mutedTemplates", mutedTemplates)
        json.write("by", object: by.write)
    }
}
