/// A01: the patient is admitted.
public struct PatientAdmitted: MovementEvent {
    public static let type = "fr.relais.pathway.patient-admitted.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
