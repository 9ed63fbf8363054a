/// A21: the patient leaves for a while (permission, or acts elsewhere). The stay goes on: nothing starts at home.
public struct LeaveStarted: MovementEvent {
    public static let type = "fr.relais.pathway.leave-started.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
