public import Timekeeping

/// A deadline of a follow-up passed that its protocol names: somebody more is told. The owner stays the same, and the follow-up stays open.
public struct FollowUpEscalated: EventBody {
    public static let type = "fr.relais.pathway.follow-up-escalated.v1"
    public let followUp: String
    /// The deadline that passed.
    public let at: Instant
    /// From 0, in the order of the plan; those after the last one repeat it.
    public let step: Int
    public let reason: EscalationReason
    /// RPPS of those who are to be told; empty where nobody holds the post.
    public let to: [String]

    public init(followUp: String, at: Instant, step: Int, reason: EscalationReason, to: [String]) {
        self.followUp = followUp
        self.at = at
        self.step = step
        self.reason = reason
        self.to = to
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        at = try json.instant("at")
        step = try json.int("step")
        reason = try json.word("reason")
        to = try json.strings("to")
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("at", at)
        json.write("step", step)
        json.write("reason", reason)
        json.write("to", to)
    }
}
