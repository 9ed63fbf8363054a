/// A44: an administrative file (NDA), with all of its visits, belongs to another patient. Recorded in the streams of both.
public struct DossierMoved: EventBody {
    public static let type = "fr.relais.patient.dossier-moved.v1"
    /// PID-18.
    public let account: LocalIdentifier
    /// MRG-1.
    public let from: PatientLink
    /// PID-3.
    public let to: PatientLink
    public let statement: Statement

    public init(account: LocalIdentifier, from: PatientLink, to: PatientLink, statement: Statement) {
        self.account = account
        self.from = from
        self.to = to
        self.statement = statement
    }

    public init(from json: JSONObject) throws(CodecError) {
        account = try LocalIdentifier(from: try json.object("account"))
        from = try PatientLink(from: try json.object("from"))
        to = try PatientLink(from: try json.object("to"))
        statement = try Statement(from: try json.object("statement"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("account", object: account.write)
        json.write("from", object: from.write)
        json.write("to", object: to.write)
        json.write("statement", object: statement.write)
    }
}
