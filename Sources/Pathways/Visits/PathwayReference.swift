/// Which hospital visit a pathway is, and whose.
public struct PathwayReference: Hashable, Sendable {
    /// PV1-19, with the facility's authority.
    public let visit: LocalIdentifier
    /// PID-3 of type `PI` (IPP).
    public let patient: LocalIdentifier
    /// The stream id of the patient, in hexadecimal: the link that a follower of the log walks.
    public let patientStream: String
    /// Whom the message named, where that is another number than `patient`: one that is merged with it (A40), or from which the dossier was
    /// moved (A44). What is said of that number later decides whether the message still speaks of this patient.
    public let named: PatientLink?

    public init(visit: LocalIdentifier, patient: LocalIdentifier, patientStream: String, named: PatientLink? = nil) {
        self.visit = visit
        self.patient = patient
        self.patientStream = patientStream
        self.named = named?.identifier == patient ? nil : named
    }

    init(visit: LocalIdentifier, _ link: PatientLink, named: PatientLink? = nil) {
        self.init(visit: visit, patient: link.identifier, patientStream: link.stream, named: named)
    }

    /// The patient whose visit it is.
    public var owner: PatientLink { PatientLink(identifier: patient, stream: patientStream) }

    /// The same visit, as a message speaks of it that names `link`.
    public func naming(_ link: PatientLink) -> PathwayReference { PathwayReference(visit: visit, owner, named: link) }

    /// The patient whom the message named.
    var teller: PatientLink { named ?? owner }

    init(from json: JSONObject) throws(CodecError) {
        visit = try LocalIdentifier(from: try json.object("visit"))
        patient = try LocalIdentifier(from: try json.object("patient"))
        patientStream = try json.string("patientStream")
        named = try json.optionalObject("named").map { (object) throws(CodecError) in try PatientLink(from: object) }
    }

    func write(to json: inout JSONWriter) {
        json.write("visit", object: visit.write)
        json.write("patient", object: patient.write)
        json.write("patientStream", patientStream)
        if let named { json.write("named", object: named.write) }
    }
}
