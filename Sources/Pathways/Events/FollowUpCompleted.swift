public import Timekeeping

/// A follow-up was done, when, and what came of it.
public struct FollowUpCompleted: EventBody {
    public static let type = "fr.relais.pathway.follow-up-completed.v1"
    public let followUp: String
    public let at: Instant
    public let by: Attribution
    public let outcome: FollowUpOutcome
    public let note: String?

    public init(followUp: String, at: Instant, by: Attribution, outcome: FollowUpOutcome, note: String? = nil) {
        self.followUp = followUp
        self.at = at
        self.by = by
        self.outcome = outcome
        self.note = note
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        outcome = try json.word("outcome")
        note = try json.optionalString("note")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("outcome", outcome)
        json.write("note", note)
    }
}
