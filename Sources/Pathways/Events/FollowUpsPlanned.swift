/// The planner turned what happened and the protocols in force into follow-ups.
public struct FollowUpsPlanned: EventBody {
    public static let type = "fr.relais.pathway.follow-ups-planned.v2"
    public let followUps: [PlannedFollowUp]

    public init(followUps: [PlannedFollowUp]) { self.followUps = followUps }

    public init(from json: JSONObject) throws(CodecError) {
        followUps = try json.objects("followUps") { (object) throws(CodecError) in try PlannedFollowUp(from: object) }
    }

    public func write(to json: inout JSONWriter) { json.write("followUps", followUps) { $1.write(to: &$0) } }
}
