/// A visit of the patient is known: what walks from a patient to their visits (death, merge, a dossier moved).
public struct VisitRegistered: EventBody {
    public static let type = "fr.relais.patient.visit-registered.v1"
    /// PID-18: the administrative file (NDA) that it belongs to.
    public let account: LocalIdentifier?
    /// PV1-19.
    public let visit: LocalIdentifier
    /// Stream id of the pathway, hexadecimal.
    public let pathwayStream: String

    public init(account: LocalIdentifier? = nil, visit: LocalIdentifier, pathwayStream: String) {
        self.account = account
        self.visit = visit
        self.pathwayStream = pathwayStream
    }

    public init(from json: JSONObject) throws(CodecError) {
        account = try json.optionalObject("account").map { (object) throws(CodecError) in try LocalIdentifier(from: object) }
        visit = try LocalIdentifier(from: try json.object("visit"))
        pathwayStream = try json.string("pathwayStream")
    }

    public func write(to json: inout JSONWriter) {
        if let account { json.write("account", object: account.write) }
        json.write("visit", object: visit.write)
        json.write("pathwayStream", pathwayStream)
    }
}
