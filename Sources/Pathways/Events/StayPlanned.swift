/// A05: an admission is planned.
public struct StayPlanned: MovementEvent {
    public static let type = "fr.relais.pathway.stay-planned.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
