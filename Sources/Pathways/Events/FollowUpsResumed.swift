public import Timekeeping

/// The patient left hospital again: what had waited goes on, with those who had accepted it.
public struct FollowUpsResumed: EventBody {
    public static let type = "fr.relais.pathway.follow-ups-resumed.v1"
    public let followUps: [String]
    /// When the patient left.
    public let at: Instant

    public init(followUps: [String], at: Instant) {
        self.followUps = followUps
        self.at = at
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUps = try json.strings("followUps")
        at = try json.instant("at")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUps", followUps)
        json.write("at", at)
    }
}
