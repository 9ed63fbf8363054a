/// The visit turns out to be another patient's: its dossier was moved (A44), or a message that was made earlier says whose it is, and comes
/// late. What was recorded stays; from here on it is told of `to`. What must not be told of them is held in the events that follow.
public struct PathwayReassigned: EventBody {
    public static let type = "fr.relais.pathway.pathway-reassigned.v1"
    public let from: PatientLink
    public let to: PatientLink
    public let statement: Statement

    public init(from: PatientLink, to: PatientLink, statement: Statement) {
        self.from = from
        self.to = to
        self.statement = statement
    }

    public init(from json: JSONObject) throws(CodecError) {
        from = try PatientLink(from: try json.object("from"))
        to = try PatientLink(from: try json.object("to"))
        statement = try Statement(from: try json.object("statement"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("from", object: from.write)
        json.write("to", object: to.write)
        json.write("statement", object: statement.write)
    }
}
