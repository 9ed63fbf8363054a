/// A professional saw that a follow-up of theirs was withdrawn; the notice leaves their list.
public struct WithdrawalAcknowledged: EventBody {
    public static let type = "fr.relais.pathway.withdrawal-acknowledged.v1"
    public let followUp: String
    public let by: Attribution

    public init(followUp: String, by: Attribution) {
        self.followUp = followUp
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        followUp = try json.string("followUp")
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("followUp", followUp)
        json.write("by", object: by.write)
    }
}
