/// A11, A13, A12, A38: the hospital takes a movement back. It holds whatever arrives afterwards (PAM France §5.3.7).
public struct MovementCancelled: EventBody {
    public static let type = "fr.relais.pathway.movement-cancelled.v1"
    public let pathway: PathwayReference
    /// ZBE-1 of the movement taken back.
    public let movement: MovementID
    public let kind: MovementKind
    public let statement: Statement

    public init(pathway: PathwayReference, movement: MovementID, kind: MovementKind, statement: Statement) {
        self.pathway = pathway
        self.movement = movement
        self.kind = kind
        self.statement = statement
    }

    public init(from json: JSONObject) throws(CodecError) {
        pathway = try PathwayReference(from: try json.object("pathway"))
        movement = try MovementID(from: try json.object("movement"))
        kind = try json.word("kind")
        statement = try Statement(from: try json.object("statement"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("movement", object: movement.write)
        json.write("kind", kind)
        json.write("statement", object: statement.write)
    }
}
