public import Timekeeping

/// One movement of a visit as the hospital states it (PAM France §6.13, segment ZBE).
public struct Movement: Hashable, Sendable {
    /// ZBE-1.
    public let id: MovementID
    /// Its numbers in other namespaces: the repetitions of ZBE-1.
    public let otherIDs: [MovementID]
    /// ZBE-2: when it happened at the bedside.
    public let effectiveAt: Instant
    /// ZBE-5 = `Y`: stated after the fact, behind movements already known.
    public let historic: Bool
    /// ZBE-7, else ZBE-8, else PV1-3: the unit that is responsible from this movement on.
    public let unit: MedicalUnitReference?
    /// ROL segments: who cares for the patient in the city, as declared to the hospital.
    public let declared: [DeclaredProfessional]
    /// PV1-2.
    public let patientClass: PatientClass?
    /// PV1-21: 06 is hospitalisation à domicile, 19 séances (health-domain §A.4).
    public let chargeType: String?
    /// When what it announces is expected: the discharge (A16: EVN-3, PV2-9), the return from leave (A21: PV2-47), the admission (A05, A14:
    /// PV2-8).
    public let expectedAt: Instant?
    /// PV1-7: RPPS of the doctor who is responsible in hospital, as sent.
    public let attending: String?
    public let statement: Statement

    public init(
        id: MovementID,
        otherIDs: [MovementID] = [],
        effectiveAt: Instant,
        historic: Bool = false,
        unit: MedicalUnitReference? = nil,
        declared: [DeclaredProfessional] = [],
        patientClass: PatientClass? = nil,
        chargeType: String? = nil,
        expectedAt: Instant? = nil,
        attending: String? = nil,
        statement: Statement
    ) {
        self.id = id
        self.otherIDs = otherIDs
        self.effectiveAt = effectiveAt
        self.historic = historic
        self.unit = unit
        self.declared = declared
        self.patientClass = patientClass
        self.chargeType = chargeType
        self.expectedAt = expectedAt
        self.attending = attending
        self.statement = statement
    }

    init(from json: JSONObject) throws(CodecError) {
        id = try MovementID(from: try json.object("id"))
        otherIDs = try json.objects("otherIDs") { (object) throws(CodecError) in try MovementID(from: object) }
        effectiveAt = try json.instant("effectiveAt")
        historic = try json.flag("historic")
        unit = try json.optionalObject("unit").map { (object) throws(CodecError) in try MedicalUnitReference(from: object) }
        declared = try json.objects("declared") { (object) throws(CodecError) in try DeclaredProfessional(from: object) }
        patientClass = try json.optionalWord("patientClass")
        chargeType = try json.optionalString("chargeType")
        expectedAt = try json.optionalInstant("expectedAt")
        attending = try json.optionalString("attending")
        statement = try Statement(from: try json.object("statement"))
    }

    func write(to json: inout JSONWriter) {
        json.write("id", object: id.write)
        json.write("otherIDs", otherIDs) { $1.write(to: &$0) }
        json.write("effectiveAt", effectiveAt)
        json.write("historic", flag: historic)
        if let unit { json.write("unit", object: unit.write) }
        json.write("declared", declared) { $1.write(to: &$0) }
        json.write("patientClass", patientClass)
        json.write("chargeType", chargeType)
        json.write("expectedAt", expectedAt)
        json.write("attending", attending)
        json.write("statement", object: statement.write)
    }

    /// All of its numbers.
    var numbers: Set<MovementID> { Set(otherIDs).union([id]) }

    /// What is known of the movement once `later` was said after this: what it does not say stays.
    func overlaid(by later: Movement) -> Movement {
        Movement(
            id: id,
            otherIDs: otherIDs == later.otherIDs && id == later.id ? otherIDs : numbers.union(later.numbers).subtracting([id]).sorted(),
            effectiveAt: later.effectiveAt,
            historic: historic || later.historic,
            unit: later.unit ?? unit,
            declared: later.declared.isEmpty ? declared : later.declared,
            patientClass: later.patientClass ?? patientClass,
            chargeType: later.chargeType ?? chargeType,
            expectedAt: later.expectedAt ?? expectedAt,
            attending: later.attending ?? attending,
            statement: later.statement
        )
    }
}
