/// A03: the patient leaves.
public struct PatientDischarged: EventBody {
    public static let type = "fr.relais.pathway.patient-discharged.v1"
    public let pathway: PathwayReference
    public let movement: Movement
    public let mode: DischargeMode

    public init(pathway: PathwayReference, movement: Movement, mode: DischargeMode) {
        self.pathway = pathway
        self.movement = movement
        self.mode = mode
    }

    public init(from json: JSONObject) throws(CodecError) {
        pathway = try PathwayReference(from: try json.object("pathway"))
        movement = try Movement(from: try json.object("movement"))
        mode = try DischargeMode(from: try json.object("mode"))
    }

    public func write(to json: inout JSONWriter) {
        json.write("pathway", object: pathway.write)
        json.write("movement", object: movement.write)
        json.write("mode", object: mode.write)
    }
}
