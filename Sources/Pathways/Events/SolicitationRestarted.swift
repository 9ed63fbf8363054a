public import Timekeeping

/// The référent-parcours has a follow-up offered anew: the order is made again from the directory of now, and those who let an offer lapse may be asked again.
public struct SolicitationRestarted: EventBody {
    public static let type = "fr.relais.pathway.solicitation-restarted.v1"
    public let followUp: String
    public let at: Instant
    public let by: Attribution

    public init(followUp: String, at: Instant, by: Attribution) {
        self.followUp = followUp
        self.at = at
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("at", at)
        json.write("by", object: by.write)
    }
}
