/// An event that states one movement of a visit and nothing else. Each kind is a type of its own, because each has a life of its own in
/// the schemas; the body is shared here.
public protocol MovementEvent: EventBody {
    var pathway: PathwayReference { get }
    var movement: Movement { get }
    init(pathway: PathwayReference, movement: Movement)
}

extension MovementEvent {
    public init(from json: JSONObject) throws(CodecError) {
        self.init(pathway: try PathwayReference(from: try json.object("pathway")), movement: try Movement(from: try json.object("movement")))
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("movement", object: movement.write)
    }
}
