import Coordination
import EventStore
import Pathways

/// What one territory's log knows of a message: read, never guessed.
struct TerritoryKnowledge {
    let territory: TerritoryIntake
    /// The same bytes were recorded there.
    let tookIt: Bool
    /// The visit's; nil if it is unknown there.
    let pathway: Pathway?
    let knowsPatient: Bool
    /// The home that the message states is in one of its communes.
    let hasHome: Bool

    /// How often the pathway had changed territory when it came there.
    var handOverNumber: Int { pathway?.handOverNumber ?? 0 }

    /// - Throws: `EventStoreError`, `CoordinationError` if its log cannot be read.
    init(of territory: TerritoryIntake, _ frame: ReceivedFrame, _ facts: RoutingFacts) throws {
        self.territory = territory
        let coordinator = territory.intake.coordinator
        tookIt = try Self.tookIt(frame, coordinator)
        pathway = try facts.visit.flatMap { try Self.pathway(of: $0, in: territory) }
        knowsPatient = try facts.patients.contains { try coordinator.log.version(of: coordinator.streams.patient($0)) > 0 }
        hasHome = try facts.home.map { try territory.served.published()?.isHome($0) == true } ?? false
    }

    static func pathway(of visit: LocalIdentifier, in territory: TerritoryIntake) throws -> Pathway? {
        let coordinator = territory.intake.coordinator
        let stream = coordinator.streams.pathway(visit)
        return try coordinator.log.version(of: stream) > 0 ? coordinator.loader.pathway(stream).state : nil
    }

    private static func tookIt(_ frame: ReceivedFrame, _ coordinator: Coordinator) throws -> Bool {
        let scope = HL7Sender(frame.header).commandScope
        func precedent(of key: String) throws -> Coordinator.Precedent {
            try coordinator.precedent(of: CommandKey(scope: scope, key: key, requestHash: frame.hash, match: .keyAndBody))
        }
        switch try precedent(of: frame.commandKey) {
        case .none: return false
        case .same: return true
        case .other: return try precedent(of: frame.commandKeyWithDigest) != .none
        }
    }
}
