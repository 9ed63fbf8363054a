/// A14: an admission is awaited.
public struct AdmissionAnnounced: MovementEvent {
    public static let type = "fr.relais.pathway.admission-announced.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
