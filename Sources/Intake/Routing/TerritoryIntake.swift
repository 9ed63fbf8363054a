public import Coordination

/// The intake of one of several territories.
public struct TerritoryIntake: Sendable {
    /// As in its territory file.
    public let id: String
    public let intake: HL7Intake

    public init(id: String, intake: HL7Intake) {
        self.id = id
        self.intake = intake
    }

    /// The territory that it works for: the same log, the same key.
    public var served: ServedTerritory { ServedTerritory(id: id, coordinator: intake.coordinator) }
}
