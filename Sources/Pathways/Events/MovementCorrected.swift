/// Z99: the hospital corrects a movement; what it does not say of it stays (PAM France §5.3.2). The latest statement wins, whatever the order of arrival.
public struct MovementCorrected: EventBody {
    public static let type = "fr.relais.pathway.movement-corrected.v1"
    public let pathway: PathwayReference
    /// Of the movement corrected (ZBE-6).
    public let kind: MovementKind
    public let movement: Movement
    public let mode: DischargeMode?

    public init(pathway: PathwayReference, kind: MovementKind, movement: Movement, mode: DischargeMode? = nil) {
        self.pathway = pathway
        self.kind = kind
        self.movement = movement
        self.mode = mode
    }

    public init(from json: JSONObject) throws(CodecError) {
        pathway = try PathwayReference(from: try json.object("pathway"))
        kind = try json.word("kind")
        movement = try Movement(from: try json.object("movement"))
        mode = try json.optionalObject("mode").map { (object) throws(CodecError) in try DischargeMode(from: object) }
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("kind", kind)
        json.write("movement", object: movement.write)
        if let mode { json.write("mode", object: mode.write) }
    }
}
