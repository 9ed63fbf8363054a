/// Which hospital visit a pathway is, and whose.
public struct PathwayReference: Hashable, Sendable {
    /// PV1-19, with the facility's authority.
    public let visit: LocalIdentifier
    /// PID-3 of type `PI` (IPP).
    public let patient: LocalIdentifier
    /// The stream id of the patient, in hexadecimal: the link that a follower of the log walks.
    public let patientStream: String

    public init(visit: LocalIdentifier, patient: LocalIdentifier, patientStream: String) {
        self.visit = visit
        self.patient = patient
        self.patientStream = patientStream
    }

    init(from json: JSONObject) throws(CodecError) {
        visit = try LocalIdentifier(from: try json.object("visit"))
        patient = try LocalIdentifier(from: try json.object("patient"))
        patientStream = try json.string("patientStream")
    }

    func write(to json: inout JSONWriter) {
        json.write("visit", object: visit.write)
        json.write("patient", object: patient.write)
        json.write("patientStream", patientStream)
    }
}
