/// A40, or A47 with another local number: two numbers are one person. An alias, recorded in the streams of both: neither history is rewritten.
public struct PatientsMerged: EventBody {
    public static let type = "fr.relais.patient.patients-merged.v1"
    /// MRG-1.
    public let retired: PatientLink
    /// PID-3.
    public let survivor: PatientLink
    public let statement: Statement

    public init(retired: PatientLink, survivor: PatientLink, statement: Statement) {
        self.retired = retired
        self.survivor = survivor
        self.statement = statement
    }

    public init(from json: JSONObject) throws(CodecError) {
        retired = try PatientLink(from: try json.object("retired"))
        survivor = try PatientLink(from: try json.object("survivor"))
        statement = try Statement(from: try json.object("statement"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("retired", object: retired.write)
        json.write("survivor", object: survivor.write)
        json.write("statement", object: statement.write)
    }
}
