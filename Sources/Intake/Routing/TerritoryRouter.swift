public import Coordination
import EventStore
import HL7v2
public import Logging
import Pathways
import Timekeeping

/// One MLLP listener, or one address of the API, for several territories: gives each frame to the one that it is for, and hands back its
/// answer.
///
/// The choice depends on the message and on what the logs hold, on nothing else: the same frame after the same events goes the same way,
/// and the decision says which rule told. With one territory, it adds nothing.
public struct TerritoryRouter: Sendable {
    let territories: [TerritoryIntake]
    private let first: TerritoryIntake
    private let served: [ServedTerritory]
    private let routes: FeedRoutes
    private let logger: Logger
    private let observe: @Sendable (RoutingDecision) -> Void

    /// - Parameters:
    ///   - territories: in the order of the configuration.
    ///   - routes: which of them the feed of a sender may concern.
    ///   - logger: hears of territories that cannot be read, never of content.
    ///   - observe: hears of every decision between several territories, for counters.
    public init(
        _ territories: [TerritoryIntake],
        routes: FeedRoutes = FeedRoutes(),
        logger: Logger,
        observe: @escaping @Sendable (RoutingDecision) -> Void = { _ in }
    ) throws(FeedRouteError) {
        guard let first = territories.first else { throw .noTerritory }
        for (index, territory) in territories.enumerated() where territories.prefix(index).contains(where: { $0.id == territory.id }) {
            throw .territoryTwice(territory.id)
        }
        try routes.check(against: territories.map(\.id))
        self.territories = territories
        self.first = first
        self.served = territories.map(\.served)
        self.routes = routes
        self.logger = logger
        self.observe = observe
    }

    /// Takes in one frame, as `HL7Intake.receive` does: one answer, given once everything is durable. Never throws.
    public func receive(_ bytes: [UInt8]) async -> IntakeReply {
        guard territories.count > 1, bytes.count <= HL7Intake.frameLimit, let message = try? Message(parsing: bytes) else {
            return await first.intake.receive(bytes)
        }
        let frame = ReceivedFrame(message, bytes: bytes, at: first.intake.coordinator.time.now())
        // A pathway may be handed over between the decision and the append: then it is looked for again.
        for _ in 0...territories.count {
            let decision = decide(frame)
            observe(decision)
            if !decision.unread.isEmpty { logger.error("territories cannot be read", metadata: ["territories": "\(decision.unread)"]) }
            if decision.reason == .undecided { break }
            if let reply = await deliver(frame, decision) { return reply.routed(decision) }
        }
        return first.intake.unavailable(frame)
    }

    /// - Returns: nil if a pathway was handed over meanwhile: nothing was recorded.
    private func deliver(_ frame: ReceivedFrame, _ decision: RoutingDecision) async -> IntakeReply? {
        let warnings = decision.reason == .assumed ? [IntakeWarning(.territoryAssumed, at: "PID-11")] : []
        var answer: IntakeReply?
        for id in decision.territories {
            guard let territory = territory(id) else { continue }
            guard let reply = await territory.intake.receive(frame, warnings: warnings) else { return nil }
            // One that could not record it makes the sender repeat it; those that could recognise it then.
            if answer == nil || reply.isUnavailable { answer = reply }
        }
        return answer
    }

    // MARK: - Deciding

    /// The rules, in order; see `RoutingDecision.Reason`.
    func decide(_ frame: ReceivedFrame) -> RoutingDecision {
        let facility = frame.header.sendingFacility
        let names = [facility.namespaceID.text, facility.universalID.text].compactMap(\.self)
        let candidates = routes.candidates(of: frame.sender, facility: names, among: served).compactMap { territory($0.id) }
        let fallback = candidates.first ?? first
        let profile = Self.profile(of: frame.sender, in: candidates)
        let message = (try? SiteReading(profile: profile).message(frame.message, of: frame.bytes)) ?? frame.message
        guard let facts = RoutingFacts(message, profile) else {
            return RoutingDecision([fallback.id], .noPatient)
        }
        var known: [TerritoryKnowledge] = []
        var unread: [String] = []
        for candidate in candidates {
            if let knowledge = try? TerritoryKnowledge(of: candidate, frame, facts) { known.append(knowledge) } else { unread.append(candidate.id) }
        }
        let byKnowledge = facts.isIdentity ? Self.ofIdentity(known) : ofMovement(known, facts)
        if let (ids, reason) = byKnowledge { return RoutingDecision(ids, reason, unread: unread) }
        if let home = known.first(where: \.hasHome) { return RoutingDecision([home.territory.id], .commune, unread: unread) }
        if !unread.isEmpty { return RoutingDecision([], .undecided, unread: unread) }
        return RoutingDecision([fallback.id], .assumed)
    }

    /// What the first of them that published something about the sender agreed with it.
    private static func profile(of sender: HL7Sender, in candidates: [TerritoryIntake]) -> SiteProfile {
        for candidate in candidates {
            let coordinator = candidate.intake.coordinator
            let published = try? coordinator.loader.territory(coordinator.streams.territory).state
            if let agreed = published?.siteProfile(for: sender) { return agreed.profile }
        }
        return .strict
    }

    /// Everyone who knows the patient hears of it; who took the same bytes before answers first.
    private static func ofIdentity(_ known: [TerritoryKnowledge]) -> ([String], RoutingDecision.Reason)? {
        let before = known.filter(\.tookIt)
        let others = known.filter { !$0.tookIt && $0.knowsPatient }
        let all = (before + others).map(\.territory.id)
        return all.isEmpty ? nil : (all, before.isEmpty ? .patient : .repetition)
    }

    private func ofMovement(_ known: [TerritoryKnowledge], _ facts: RoutingFacts) -> ([String], RoutingDecision.Reason)? {
        if let before = known.first(where: \.tookIt) { return ([before.territory.id], .repetition) }
        let holders = known.filter { $0.pathway != nil }
        // Broken off, a hand-over leaves two of them open: the later one goes on with it.
        let open = holders.filter { $0.pathway?.handedOver == nil }
        if let current = Self.latest(open) {
            return ([current.territory.id], holders.count > open.count || current.handOverNumber > 0 ? .handedOver : .visit)
        }
        if let past = Self.latest(holders) { return ([follow(past, facts)], .handedOver) }
        let knowing = known.filter(\.knowsPatient)
        if let only = knowing.first, knowing.count == 1 { return ([only.territory.id], .patient) }
        return nil
    }

    private static func latest(_ holders: [TerritoryKnowledge]) -> TerritoryKnowledge? {
        // Of equals, the first in the order of the route.
        holders.reversed().max { $0.handOverNumber < $1.handOverNumber }
    }

    /// Where a pathway is that no candidate keeps any more. One that went to a territory that is not served here stays where it was, and
    /// is refused there with the name of that territory.
    private func follow(_ past: TerritoryKnowledge, _ facts: RoutingFacts) -> String {
        var place = past.territory
        var next = past.pathway?.handedOver?.to
        for _ in territories {
            guard let id = next, let territory = territory(id) else { break }
            place = territory
            next = facts.visit.flatMap { try? TerritoryKnowledge.pathway(of: $0, in: territory) }?.handedOver?.to
        }
        return place.id
    }

    private func territory(_ id: String) -> TerritoryIntake? { territories.first { $0.id == id } }
}

extension IntakeReply {
    /// Nothing was recorded.
    var isUnavailable: Bool { receipt?.result == .unavailable }

    private var receipt: IntakeReceipt? {
        switch self {
        case .acknowledge(_, let receipt), .noAnswer(.notWanted(let receipt)): receipt
        case .noAnswer: nil
        }
    }

    /// The same, with the decision that led to it.
    fileprivate func routed(_ decision: RoutingDecision) -> IntakeReply {
        guard var receipt else { return self }
        receipt.routing = decision
        return if case .acknowledge(let bytes, _) = self { .acknowledge(bytes, receipt) } else { .noAnswer(.notWanted(receipt)) }
    }
}
