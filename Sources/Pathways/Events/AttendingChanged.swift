/// A54: another doctor is responsible for the stay.
public struct AttendingChanged: MovementEvent {
    public static let type = "fr.relais.pathway.attending-changed.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
