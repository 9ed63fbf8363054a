/// Any event of the product, read by its type: what a follower of the whole log sees.
public enum DomainEvent: Hashable, Sendable {
    case pathway(PathwayEvent)
    case patientIdentified(PatientIdentified)
    case identityCorrected(IdentityCorrected)
    case oppositionRecorded(OppositionRecorded)
    case oppositionLifted(OppositionLifted)
    case visitRegistered(VisitRegistered)
    case dossierMoved(DossierMoved)
    case patientsMerged(PatientsMerged)
    case mergeUndone(MergeUndone)
    case patientErased(PatientErased)
    case streamErased(StreamErased)
    case messageReceived(MessageReceived)
    case messageRepaired(MessageRepaired)
    case messageDiscarded(MessageDiscarded)
    case commandKeyReused(CommandKeyReused)
    case territoryPublished(TerritoryPublished)
    case protocolPublished(ProtocolPublished)
    case siteProfilePublished(SiteProfilePublished)
    case parkingDiscarded(ParkingDiscarded)
    case consentRecorded(ConsentRecorded)
    case consentWithdrawn(ConsentWithdrawn)
    case absenceDeclared(AbsenceDeclared)
    case absenceEnded(AbsenceEnded)
    case channelsSet(ChannelsSet)
    case messageHandedOver(MessageHandedOver)
    case messageDelivered(MessageDelivered)
    case messageOpened(MessageOpened)
    case messageBounced(MessageBounced)
    case messageUndeliverable(MessageUndeliverable)

    /// Reads an event of any released version: older bodies are first brought to today's.
    ///
    /// - Returns: nil for a type that this version does not know (a newer writer's).
    /// - Throws: `CodecError` naming what is missing or malformed.
    public init?(type: String, payload: [UInt8], upcasters: Upcasters = .released) throws(CodecError) {
        let (type, payload) = try upcasters.upcast(type: type, payload: payload)
        try self.init(currentType: type, payload: payload)
    }

    /// Reads an event whose body is today's already.
    public init?(currentType type: String, payload: [UInt8]) throws(CodecError) {
        if let event = try PathwayEvent(type: type, payload: payload) {
            self = .pathway(event)
            return
        }
        switch type {
        case PatientIdentified.type: self = .patientIdentified(try PatientIdentified(payload: payload))
        case IdentityCorrected.type: self = .identityCorrected(try IdentityCorrected(payload: payload))
        case OppositionRecorded.type: self = .oppositionRecorded(try OppositionRecorded(payload: payload))
        case OppositionLifted.type: self = .oppositionLifted(try OppositionLifted(payload: payload))
        case VisitRegistered.type: self = .visitRegistered(try VisitRegistered(payload: payload))
        case DossierMoved.type: self = .dossierMoved(try DossierMoved(payload: payload))
        case PatientsMerged.type: self = .patientsMerged(try PatientsMerged(payload: payload))
        case MergeUndone.type: self = .mergeUndone(try MergeUndone(payload: payload))
        case MessageRepaired.type: self = .messageRepaired(try MessageRepaired(payload: payload))
        case MessageDiscarded.type: self = .messageDiscarded(try MessageDiscarded(payload: payload))
        case SiteProfilePublished.type: self = .siteProfilePublished(try SiteProfilePublished(payload: payload))
        case PatientErased.type: self = .patientErased(try PatientErased(payload: payload))
        case StreamErased.type: self = .streamErased(try StreamErased(payload: payload))
        case MessageReceived.type: self = .messageReceived(try MessageReceived(payload: payload))
        case CommandKeyReused.type: self = .commandKeyReused(try CommandKeyReused(payload: payload))
        case TerritoryPublished.type: self = .territoryPublished(try TerritoryPublished(payload: payload))
        case ProtocolPublished.type: self = .protocolPublished(try ProtocolPublished(payload: payload))
        case ParkingDiscarded.type: self = .parkingDiscarded(try ParkingDiscarded(payload: payload))
        case ConsentRecorded.type: self = .consentRecorded(try ConsentRecorded(payload: payload))
        case ConsentWithdrawn.type: self = .consentWithdrawn(try ConsentWithdrawn(payload: payload))
        case AbsenceDeclared.type: self = .absenceDeclared(try AbsenceDeclared(payload: payload))
        case AbsenceEnded.type: self = .absenceEnded(try AbsenceEnded(payload: payload))
        case ChannelsSet.type: self = .channelsSet(try ChannelsSet(payload: payload))
        case MessageHandedOver.type: self = .messageHandedOver(try MessageHandedOver(payload: payload))
        case MessageDelivered.type: self = .messageDelivered(try MessageDelivered(payload: payload))
        case MessageOpened.type: self = .messageOpened(try MessageOpened(payload: payload))
        case MessageBounced.type: self = .messageBounced(try MessageBounced(payload: payload))
        case MessageUndeliverable.type: self = .messageUndeliverable(try MessageUndeliverable(payload: payload))
        default: return nil
        }
    }

    /// Every type that this version writes.
    public static var types: [String] {
        PathwayEvent.types + [
            PatientIdentified.type, IdentityCorrected.type, OppositionRecorded.type, OppositionLifted.type, PatientErased.type,
            StreamErased.type, MessageReceived.type, CommandKeyReused.type, TerritoryPublished.type, ProtocolPublished.type,
            VisitRegistered.type, DossierMoved.type, PatientsMerged.type, MergeUndone.type, MessageRepaired.type, MessageDiscarded.type,
            SiteProfilePublished.type,
            ParkingDiscarded.type, ConsentRecorded.type, ConsentWithdrawn.type, AbsenceDeclared.type, AbsenceEnded.type,
            ChannelsSet.type, MessageHandedOver.type, MessageDelivered.type, MessageOpened.type, MessageBounced.type,
            MessageUndeliverable.type,
        ]
    }
}
