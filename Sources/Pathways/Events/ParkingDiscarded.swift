/// Somebody decided to do without the effect of one event that a follower could not have: it is not tried any more. Holds nothing about a
/// patient: what it names are ids.
public struct ParkingDiscarded: EventBody {
    public static let type = "fr.relais.follower.parking-discarded.v1"
    /// The follower's name, such as `follow-up-planner`.
    public let follower: String
    /// The stream whose events are worked on in order.
    public let sequence: String
    /// Where the event is in this log.
    public let position: Int64
    /// Who decided, as a URN or an operator's name.
    public let by: String
    /// Why, in their words.
    public let reason: String

    public init(follower: String, sequence: String, position: Int64, by: String, reason: String) {
        self.follower = follower
        self.sequence = sequence
        self.position = position
        self.by = by
        self.reason = reason
    }

    public init(from json: JSONObject) throws(CodecError) {
        follower = try json.string("follower")
        sequence = try json.string("sequence")
        position = try json.integer("position")
        by = try json.string("by")
        reason = try json.string("reason")
    }

    public func write(to json: inout JSONWriter) {
        json.write("follower", follower)
        json.write("sequence", sequence)
        json.write("position", position)
        json.write("by", by)
        json.write("reason", reason)
    }
}
