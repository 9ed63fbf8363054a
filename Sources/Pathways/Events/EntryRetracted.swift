/// A note is taken back: its text is no longer shown, its event stays in the log.
public struct EntryRetracted: EventBody {
    public static let type = "fr.relais.pathway.entry-retracted.v1"
    /// Id of the event that is taken back, of the same stream.
    public let event: String
    public let reason: RetractionReason
    public let by: Attribution

    public init(event: String, reason: RetractionReason, by: Attribution) {
        self.event = event
        self.reason = reason
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        event = try json.string("event")
        reason = try json.word("reason")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("event", event)
        json.write("reason", reason)
        json.write("by", object: by.write)
    }
}
