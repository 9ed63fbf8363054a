/// A professional adds a word to a follow-up.
public struct FollowUpNoted: EventBody {
    public static let type = "fr.relais.pathway.follow-up-noted.v1"
    public let followUp: String
    public let by: Attribution
    public let note: String

    public init(followUp: String, by: Attribution, note: String) {
        self.followUp = followUp
        self.by = by
        self.note = note
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        by = try Attribution(from: try json.object("by"))
        note = try json.string("note")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("by", object: by.write)
        json.write("note", note)
    }
}
