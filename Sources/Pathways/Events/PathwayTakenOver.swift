/// This territory goes on with a pathway that another one kept until now. What the hospital stated follows as ordinary events; what
/// professionals of the other territory did stays in its log.
public struct PathwayTakenOver: EventBody {
    public static let type = "fr.relais.pathway.pathway-taken-over.v1"
    /// As it is named here.
    public let pathway: PathwayReference
    /// Id of the territory that kept it.
    public let from: String
    /// The last event of that territory's log that was taken into account, of the pathway or of its patient.
    public let position: Int64
    /// The id of that event, a UUID.
    public let event: String
    /// 1 for the first hand-over of this pathway, and one more for each further one: of two territories that hold it, the one with the
    /// greater number goes on with it.
    public let number: Int

    public init(pathway: PathwayReference, from: String, position: Int64, event: String, number: Int) {
        self.pathway = pathway
        self.from = from
        self.position = position
        self.event = event
        self.number = number
    }

    public init(from json: JSONObject) throws(CodecError) {
        pathway = try PathwayReference(from: try json.object("pathway"))
        from = try json.string("from")
        position = try json.integer("position")
        event = try json.string("event")
        number = try json.int("number")
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("from", from)
        json.write("position", position)
        json.write("event", event)
        json.write("number", number)
    }
}
