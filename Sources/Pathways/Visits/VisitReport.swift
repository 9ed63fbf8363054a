/// What one message says about a visit: a movement, or that one is taken back.
public enum VisitReport: Hashable, Sendable {
    case movement(MovementKind, Movement, DischargeMode?)
    case cancellation(MovementID, MovementKind, Statement)

    /// The movement it is about.
    public var movementID: MovementID {
        switch self {
        case .movement(_, let movement, _): movement.id
        case .cancellation(let id, _, _): id
        }
    }

    init(from json: JSONObject) throws(CodecError) {
        let kind: MovementKind = try json.word("kind")
        if try json.flag("cancels") {
            let id = try MovementID(from: try json.object("id"))
            self = .cancellation(id, kind, try Statement(from: try json.object("statement")))
        } else {
            let mode = try json.optionalObject("mode").map { (object) throws(CodecError) in try DischargeMode(from: object) }
            self = .movement(kind, try Movement(from: try json.object("movement")), mode)
        }
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .movement(let kind, let movement, let mode):
            json.write("kind", kind)
            json.write("movement", object: movement.write)
            if let mode { json.write("mode", object: mode.write) }
        case .cancellation(let id, let kind, let statement):
            json.write("kind", kind)
            json.write("cancels", flag: true)
            json.write("id", object: id.write)
            json.write("statement", object: statement.write)
        }
    }
}
