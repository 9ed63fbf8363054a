/// A professional declines an offer, or gives back what they had accepted; or the référent-parcours takes back what somebody else had
/// accepted. The next in the order is asked.
public struct FollowUpDeclined: EventBody {
    public static let type = "fr.relais.pathway.follow-up-declined.v2"
    public let followUp: String
    public let by: Attribution
    public let reason: DeclineReason
    /// It had been accepted before.
    public let givenBack: Bool
    /// The team for which they decline, or had accepted.
    public let team: String?

    public init(followUp: String, by: Attribution, reason: DeclineReason, givenBack: Bool = false, team: String? = nil) {
        self.followUp = followUp
        self.by = by
        self.reason = reason
        self.givenBack = givenBack
        self.team = team
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        by = try Attribution(from: try json.object("by"))
        reason = try json.word("reason")
        givenBack = try json.flag("givenBack")
        team = try json.optionalString("team")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("by", object: by.write)
        json.write("reason", reason)
        json.write("givenBack", flag: givenBack)
        json.write("team", team)
    }
}
