/// A02: the patient changes unit.
public struct PatientTransferred: MovementEvent {
    public static let type = "fr.relais.pathway.patient-transferred.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
