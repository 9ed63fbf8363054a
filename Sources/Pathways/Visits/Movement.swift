public import Timekeeping

/// One movement of a visit as the hospital states it (PAM France §6.13, segment ZBE).
public struct Movement: Hashable, Sendable {
    /// ZBE-1.
    public let id: MovementID
    /// ZBE-2: when it happened at the bedside.
    public let effectiveAt: Instant
    /// ZBE-5 = `Y`: stated after the fact, behind movements already known.
    public let historic: Bool
    /// ZBE-7, else ZBE-8, else PV1-3: the unit that is responsible from this movement on.
    public let unit: MedicalUnitReference?
    /// ROL segments: who cares for the patient in the city, as declared to the hospital.
    public let declared: [DeclaredProfessional]
    public let statement: Statement

    public init(
        id: MovementID,
        effectiveAt: Instant,
        historic: Bool = false,
        unit: MedicalUnitReference? = nil,
        declared: [DeclaredProfessional] = [],
        statement: Statement
    ) {
        self.id = id
        self.effectiveAt = effectiveAt
        self.historic = historic
        self.unit = unit
        self.declared = declared
        self.statement = statement
    }

    init(from json: JSONObject) throws(CodecError) {
        id = try MovementID(from: try json.object("id"))
        effectiveAt = try json.instant("effectiveAt")
        historic = try json.flag("historic")
        unit = try json.optionalObject("unit").map { (object) throws(CodecError) in try MedicalUnitReference(from: object) }
        declared = try json.objects("declared") { (object) throws(CodecError) in try DeclaredProfessional(from: object) }
        statement = try Statement(from: try json.object("statement"))
    }

    func write(to json: inout JSONWriter) {
        json.write("id", object: id.write)
        json.write("effectiveAt", effectiveAt)
        json.write("historic", flag: historic)
        if let unit { json.write("unit", object: unit.write) }
        json.write("declared", declared) { $1.write(to: &$0) }
        json.write("statement", object: statement.write)
    }

    /// The same movement with what `other`, a later statement of it, adds (PAM France §5.3.1: one movement may take several messages).
    func completed(by other: Movement) -> Movement {
        Movement(
            id: id,
            effectiveAt: effectiveAt,
            historic: historic || other.historic,
            unit: other.unit ?? unit,
            declared: other.declared.isEmpty ? declared : other.declared,
            statement: max(statement, other.statement)
        )
    }

    /// Whether both say the same, whoever said it and when.
    func saysTheSame(as other: Movement) -> Bool {
        id == other.id && effectiveAt == other.effectiveAt && historic == other.historic && unit == other.unit && declared == other.declared
    }
}
