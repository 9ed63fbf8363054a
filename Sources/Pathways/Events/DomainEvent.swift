/// Any event of the product, read by its type: what a follower of the whole log sees.
public enum DomainEvent: Hashable, Sendable {
    case pathway(PathwayEvent)
    case patientIdentified(PatientIdentified)
    case messageReceived(MessageReceived)
    case commandKeyReused(CommandKeyReused)
    case territoryPublished(TerritoryPublished)
    case protocolPublished(ProtocolPublished)

    /// - Returns: nil for a type that this version does not know (a newer writer's).
    /// - Throws: `CodecError` naming what is missing or malformed.
    public init?(type: String, payload: [UInt8]) throws(CodecError) {
        if let event = try PathwayEvent(type: type, payload: payload) {
            self = .pathway(event)
            return
        }
        switch type {
        case PatientIdentified.type: self = .patientIdentified(try PatientIdentified(payload: payload))
        case MessageReceived.type: self = .messageReceived(try MessageReceived(payload: payload))
        case CommandKeyReused.type: self = .commandKeyReused(try CommandKeyReused(payload: payload))
        case TerritoryPublished.type: self = .territoryPublished(try TerritoryPublished(payload: payload))
        case ProtocolPublished.type: self = .protocolPublished(try ProtocolPublished(payload: payload))
        default: return nil
        }
    }

    /// Every type that this version writes.
    public static var types: [String] {
        PathwayEvent.types + [
            PatientIdentified.type, MessageReceived.type, CommandKeyReused.type, TerritoryPublished.type, ProtocolPublished.type,
        ]
    }
}
