/// A quarantined message was put aside for good, for a reason.
public struct MessageDiscarded: EventBody {
    public static let type = "fr.relais.intake.message-discarded.v1"
    /// Id of the `message-received` event.
    public let message: String
    public let reason: DiscardReason
    /// In the words of whoever decided.
    public let note: String?
    public let by: Attribution

    public init(message: String, reason: DiscardReason, note: String? = nil, by: Attribution) {
        self.message = message
        self.reason = reason
        self.note = note
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        message = try json.string("message")
        reason = try json.word("reason")
        note = try json.optionalString("note")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("message", message)
        json.write("reason", reason)
        json.write("note", note)
        json.write("by", object: by.write)
    }
}
