public import Timekeeping

/// The patient refuses follow-ups, or all of them. They end with that reason; the référent-parcours is told.
public struct CareRefused: EventBody {
    public static let type = "fr.relais.pathway.care-refused.v1"
    /// When the patient said so.
    public let at: Instant
    /// Who took it down.
    public let by: Attribution
    /// Ids; empty for all of the pathway, those to come included.
    public let followUps: [String]

    public init(at: Instant, by: Attribution, followUps: [String]) {
        self.at = at
        self.by = by
        self.followUps = followUps
    }

    public init(from json: JSONObject) throws(CodecError) {
        at = try json.instant("at")
        by = try Attribution(from: try json.object("by"))
        followUps = try json.strings("followUps")
    }

    public func write(to json: inout JSONWriter) {
        json.write("at", at)
        json.write("by", object: by.write)
        json.write("followUps", followUps)
    }
}
