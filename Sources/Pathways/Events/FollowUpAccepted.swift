public import Timekeeping

/// A professional takes a follow-up: they own it from now on, and the other offers end.
public struct FollowUpAccepted: EventBody {
    public static let type = "fr.relais.pathway.follow-up-accepted.v2"
    public let followUp: String
    public let at: Instant
    public let by: Attribution
    /// The team for which they accept, if it was the team that was asked.
    public let team: String?

    public init(followUp: String, at: Instant, by: Attribution, team: String? = nil) {
        self.followUp = followUp
        self.at = at
        self.by = by
        self.team = team
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        team = try json.optionalString("team")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("team", team)
    }
}
