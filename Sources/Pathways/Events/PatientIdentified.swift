/// What a message states of a patient's identity, unless a later one that came before it said all of it.
public struct PatientIdentified: EventBody {
    public static let type = "fr.relais.patient.patient-identified.v1"
    public let identity: PatientIdentity
    public let statement: Statement

    public init(identity: PatientIdentity, statement: Statement) {
        self.identity = identity
        self.statement = statement
    }

    public init(from json: JSONObject) throws(CodecError) {
        identity = try PatientIdentity(from: try json.object("identity"))
        statement = try Statement(from: try json.object("statement"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("identity", object: identity.write)
        json.write("statement", object: statement.write)
    }
}
