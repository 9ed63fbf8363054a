/// What one message says about a visit: a movement, a correction of one, or that one is taken back.
public enum VisitReport: Hashable, Sendable {
    case movement(MovementKind, Movement, DischargeMode?)
    /// Z99 (ZBE-4 = UPDATE): the kind is that of the movement corrected.
    case correction(MovementKind, Movement, DischargeMode?)
    case cancellation(MovementID, MovementKind, Statement)

    /// The movement it is about.
    public var movementID: MovementID {
        switch self {
        case .movement(_, let movement, _), .correction(_, let movement, _): movement.id
        case .cancellation(let id, _, _): id
        }
    }

    /// Who said so, and when.
    public var statement: Statement {
        switch self {
        case .movement(_, let movement, _), .correction(_, let movement, _): movement.statement
        case .cancellation(_, _, let statement): statement
        }
    }

    /// Which report it is: what one message says of one movement.
    struct Key: Hashable, Sendable {
        enum Form: Hashable, Sendable { case movement, correction, cancellation }

        let form: Form
        let movement: MovementID
        let statement: Statement
    }

    var key: Key {
        let form: Key.Form =
            switch self {
            case .movement: .movement
            case .correction: .correction
            case .cancellation: .cancellation
            }
        return Key(form: form, movement: movementID, statement: statement)
    }

    /// Whether both are one and the same.
    func isSame(as other: VisitReport) -> Bool { key == other.key }

    init(from json: JSONObject) throws(CodecError) {
        let kind: MovementKind = try json.word("kind")
        if try json.flag("cancels") {
            let id = try MovementID(from: try json.object("id"))
            self = .cancellation(id, kind, try Statement(from: try json.object("statement")))
        } else {
            let mode = try json.optionalObject("mode").map { (object) throws(CodecError) in try DischargeMode(from: object) }
            let movement = try Movement(from: try json.object("movement"))
            self = try json.flag("corrects") ? .correction(kind, movement, mode) : .movement(kind, movement, mode)
        }
    }

    func write(to json: inout JSONWriter) {
        switch self {
        case .movement(let kind, let movement, let mode), .correction(let kind, let movement, let mode):
            json.write("kind", kind)
            if case .correction = self { json.write("corrects", flag: true) }
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
