/// Another territory goes on with this pathway: it takes no movement any more, and its open follow-ups are withdrawn.
public struct PathwayHandedOver: EventBody {
    public static let type = "fr.relais.pathway.pathway-handed-over.v1"
    /// Id of the territory that goes on with it.
    public let to: String
    public let reason: HandOverReason
    /// The id, a UUID, of the `PathwayTakenOver` in that territory's log.
    public let event: String

    public init(to: String, reason: HandOverReason, event: String) {
        self.to = to
        self.reason = reason
        self.event = event
    }

    public init(from json: JSONObject) throws(CodecError) {
        to = try json.string("to")
        reason = try json.word("reason")
        event = try json.string("event")
    }

    public func write(to json: inout JSONWriter) {
        json.write("to", to)
        json.write("reason", reason)
        json.write("event", event)
    }
}
