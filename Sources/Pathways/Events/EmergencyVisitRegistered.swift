/// A04: an emergency or outpatient visit, which is no stay.
public struct EmergencyVisitRegistered: MovementEvent {
    public static let type = "fr.relais.pathway.emergency-visit-registered.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
