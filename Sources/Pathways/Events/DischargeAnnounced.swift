/// A16: a discharge is awaited, at `movement.expectedAt`. The best early signal for the city.
public struct DischargeAnnounced: MovementEvent {
    public static let type = "fr.relais.pathway.discharge-announced.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
