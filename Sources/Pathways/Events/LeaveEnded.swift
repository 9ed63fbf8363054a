/// A22: the patient is back from a leave.
public struct LeaveEnded: MovementEvent {
    public static let type = "fr.relais.pathway.leave-ended.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
