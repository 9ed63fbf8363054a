public import Timekeeping

/// The patient is back in hospital: what is pending waits, with those who had accepted it.
public struct FollowUpsHeld: EventBody {
    public static let type = "fr.relais.pathway.follow-ups-held.v1"
    public let followUps: [String]
    /// When the patient came back.
    public let at: Instant
    /// When somebody must look at it, if the hospital says nothing meanwhile (I7).
    public let reviewAt: Instant

    public init(followUps: [String], at: Instant, reviewAt: Instant) {
        self.followUps = followUps
        self.at = at
        self.reviewAt = reviewAt
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUps = try json.strings("followUps")
        at = try json.instant("at")
        reviewAt = try json.instant("reviewAt")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUps", followUps)
        json.write("at", at)
        json.write("reviewAt", reviewAt)
    }
}
