import EventStore
import Foundation
import Pathways
import Timekeeping

@testable import Projections

/// A seeded history of a small territory: visits, identities, publications, messages, answers and changes of mind, decided by the domain,
/// so that what happens is what can happen.
struct RandomHistory {
    let world: World
    private var random: SplitMix64
    private(set) var pathways: [StreamID: Pathway] = [:]
    private(set) var order: [StreamID] = []
    private var protocols = ProtocolLibrary()
    private var publications = 0
    private(set) var referent = TestTerritory.camille

    init(seed: UInt64) throws {
        world = try World(seed: seed)
        random = SplitMix64(seed: seed)
        for (name, yaml) in BundledFiles.protocols.prefix(2) { protocols.publish(try ProtocolFile.parse(yaml: yaml, file: name)) }
    }

    mutating func run(steps: Int) async throws {
        try await publish()
        for _ in 0..<steps {
            world.clock.move(to: world.clock.now.adding(minutes: Int64.random(in: 0...900, using: &random)))
            try await step()
        }
    }

    private mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<18: try await admit()
        case 18..<28: try await move()
        case 28..<46: try await discharge()
        case 46..<52: try await cancel()
        case 52..<56:
            try await world.identify("P\(Int.random(in: 0..<8, using: &random))", ["FICTIF", "IMAGINAIRE"].randomElement(using: &random) ?? "")
        case 56..<58: try await publish()
        case 58..<64: try await message()
        case 64..<68: try await reconcile()
        default: try await answer()
        }
    }

    private func visit(_ stream: StreamID) -> PathwayReference? { pathways[stream]?.reference }

    private mutating func admit() async throws {
        let number = order.count
        let reference = world.reference("V\(number)", patient: "P\(number % 8)")
        let stream = world.pathway("V\(number)")
        order.append(stream)
        if Bool.random(using: &random) { try await world.identify("P\(number % 8)") }
        try await perform(.report(.movement(.admission, world.movement("\(number)-1", world.clock.now), nil), reference), stream)
    }

    private mutating func move() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let id = "\(reference.visit.value)-\(Int.random(in: 2..<6, using: &random))"
        let late = world.clock.now.adding(hours: -Int64.random(in: 0..<48, using: &random))
        try await perform(.report(.movement(.transfer, world.movement(id, late, unit: "Chirurgie"), nil), reference), stream)
    }

    private mutating func discharge() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let destination: DischargeDestination = Int.random(in: 0..<6, using: &random) == 0 ? .smr : .home
        let id = "\(reference.visit.value)-d\(Int.random(in: 0..<3, using: &random))"
        let report = VisitReport.movement(.discharge, world.movement(id, world.clock.now), DischargeMode(destination: destination))
        try await perform(.report(report, reference), stream)
        try await reconcile(stream)
    }

    private mutating func cancel() async throws {
        guard let stream = order.randomElement(using: &random), let reference = visit(stream) else { return }
        let id = MovementID(authority: "CHLVO", value: "\(reference.visit.value)-d\(Int.random(in: 0..<3, using: &random))")
        let at = world.clock.now
        let statement = Statement(recordedAt: at, sentAt: at, controlID: "C", digest: "0")
        try await perform(.report(.cancellation(id, .discharge, statement), reference), stream)
        try await reconcile(stream)
    }

    private mutating func publish() async throws {
        publications += 1
        referent = Bool.random(using: &random) ? TestTerritory.camille : TestTerritory.etienne
        let without = publications == 1 || Bool.random(using: &random) ? [] : [TestTerritory.guillaume]
        try await world.publish(TestTerritory.yaml(version: publications, referent: referent, without: without))
    }

    private mutating func message() async throws {
        let stream = order.randomElement(using: &random)
        let outcome = MessageOutcome.allCases.randomElement(using: &random) ?? .accepted
        let facts = MessageFacts(
            application: ["SIMHOSP", "AUTRE"].randomElement(using: &random) ?? "",
            facility: "CHLVO",
            controlID: "M",
            trigger: "ADT^A01",
            digest: String(repeating: "0", count: 64),
            byteCount: 10,
            charset: "8859/15"
        )
        let warnings = Bool.random(using: &random) ? [IntakeWarning(.zbe3Valued)] : []
        let body = MessageReceived(facts: facts, outcome: outcome, acknowledgement: "AA", warnings: warnings, pathwayStream: stream?.hex)
        try await world.record(body, on: world.intake)
    }

    private mutating func reconcile() async throws {
        if let stream = order.randomElement(using: &random) { try await reconcile(stream) }
    }

    private mutating func reconcile(_ stream: StreamID) async throws {
        var chance = SplitMix64(seed: random.next())
        let basis = [Assignment.Basis.declared, .coverage, .coverage, .none].randomElement(using: &chance) ?? .none
        let candidates = basis == .none ? [] : TestTerritory.everybody.dropFirst().shuffled(using: &chance)
        let context = PlanningContext(
            now: world.clock.now,
            timeZone: TimeZone(identifier: "Europe/Paris") ?? .gmt,
            directoryVersion: 1,
            identify: { [world] in world.followUp(stream, $0, $1) },
            assign: { _, role, _ in
                role == .referent
                    ? Assignment(basis: .none, order: [], reason: "referent-role")
                    : Assignment(basis: basis, order: candidates, reason: basis == .none ? "nobody-covers-commune" : nil, commune: "85047")
            }
        )
        try await perform(.reconcile(context), stream)
    }

    private mutating func answer() async throws {
        guard let stream = order.randomElement(using: &random), let followUp = pathways[stream]?.followUps.randomElement(using: &random) else {
            return
        }
        let rpps = followUp.offers.randomElement(using: &random)?.to ?? referent
        let by = Attribution(rpps: followUp.acceptedBy ?? rpps, capacity: rpps == referent ? .referent : .professional)
        switch Int.random(in: 0..<6, using: &random) {
        case 0, 1: try await perform(.accept(followUp: followUp.id, by: Attribution(rpps: rpps), at: world.clock.now), stream)
        case 2:
            try await perform(.decline(followUp: followUp.id, by: by, reason: .noCapacity), stream)
            try await reconcile(stream)
        case 3: try await perform(.complete(followUp: followUp.id, by: by, at: world.clock.now, outcome: .done, note: nil), stream)
        case 4:
            try await perform(.acknowledgeWithdrawal(followUp: followUp.id, by: Attribution(rpps: followUp.toldOfWithdrawal.first ?? rpps)), stream)
        default: try await perform(.note(followUp: followUp.id, by: by, text: "Vu"), stream)
        }
    }

    private mutating func perform(_ command: PathwayCommand, _ stream: StreamID) async throws {
        let state = pathways[stream] ?? Pathway()
        // A refusal is as likely as an answer here, and leaves no trace.
        guard let events = try? decide(command, given: state, under: protocols) else { return }
        for event in events {
            pathways[stream, default: Pathway()].evolve(with: event)
            try await world.record(event.body, on: stream, at: event.occurredAt)
        }
    }
}

extension RandomHistory {
    /// What each list must hold by the domain's own state: the oracle of the to-do projection.
    func expectedEntries() -> Set<String> {
        var entries: Set<String> = []
        for pathway in pathways.values {
            for followUp in pathway.followUps {
                // A notice stands until it is seen, also when the follow-up was planned again since.
                for rpps in followUp.toldOfWithdrawal { entries.insert("\(followUp.id) notice \(rpps)") }
                switch followUp.status {
                case .open, .onHold:
                    entries.insert("\(followUp.id) owned \(referent)")
                    for offer in followUp.pendingOffers { entries.insert("\(followUp.id) offered \(offer.to)") }
                case .accepted:
                    if let rpps = followUp.acceptedBy { entries.insert("\(followUp.id) accepted \(rpps)") }
                case .done, .withdrawn: break
                }
            }
        }
        return entries
    }

    func listedEntries() throws -> Set<String> {
        var entries: Set<String> = []
        for rpps in TestTerritory.everybody {
            for item in try world.list(rpps).items { entries.insert("\(item.followUp) \(item.kind.rawValue) \(rpps)") }
        }
        return entries
    }
}
