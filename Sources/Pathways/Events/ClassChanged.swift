/// A06, A07: the patient goes from one class of visit to another (PV1-2), as PAM France's matrix allows.
public struct ClassChanged: MovementEvent {
    public static let type = "fr.relais.pathway.class-changed.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
