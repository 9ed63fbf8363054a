/// A15: a transfer is awaited.
public struct TransferAnnounced: MovementEvent {
    public static let type = "fr.relais.pathway.transfer-announced.v1"
    public let pathway: PathwayReference
    public let movement: Movement

    public init(pathway: PathwayReference, movement: Movement) {
        self.pathway = pathway
        self.movement = movement
    }
}
