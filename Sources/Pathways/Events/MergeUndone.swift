/// Somebody found that two merged numbers are two persons after all. Recorded in the streams of both.
public struct MergeUndone: EventBody {
    public static let type = "fr.relais.patient.merge-undone.v1"
    public let retired: PatientLink
    public let survivor: PatientLink
    /// Orders it among the merges of the two.
    public let statement: Statement
    public let by: Attribution

    public init(retired: PatientLink, survivor: PatientLink, statement: Statement, by: Attribution) {
        self.retired = retired
        self.survivor = survivor
        self.statement = statement
        self.by = by
    }

    public init(from json: JSONObject) throws(CodecError) {
        retired = try PatientLink(from: try json.object("retired"))
        survivor = try PatientLink(from: try json.object("survivor"))
        statement = try Statement(from: try json.object("statement"))
        by = try Attribution(from: try json.object("by"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("retired", object: retired.write)
        json.write("survivor", object: survivor.write)
        json.write("statement", object: statement.write)
        json.write("by", object: by.write)
    }
}
