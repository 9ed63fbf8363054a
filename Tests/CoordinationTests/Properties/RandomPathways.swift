import Coordination
import EventStore
import Pathways
import TestSupport
import Timekeeping

/// A few pathways to which a hospital and professionals do what chance says, contradictions and repetitions included.
struct RandomPathways {
    let world: World
    let visits = ["V1", "V2", "V3"]
    private var random: SplitMix64
    private var movements = 0
    /// What was done and not refused, by name.
    private(set) var happened: [String: Int] = [:]

    init(seed: UInt64) async throws {
        random = SplitMix64(seed: seed)
        var territory = SmallTerritory()
        // Fewer nurses, so that orders come to their end.
        territory.people.removeAll { Staff.nurses.dropFirst(5).contains($0.rpps) }
        world = try await World(publishing: territory, seed: seed)
        for visit in visits { try await world.admit(visit) }
    }

    /// One action by the hospital, a professional or time.
    mutating func step() async throws {
        let visit = visits.randomElement(using: &random) ?? "V1"
        let state = try world.coordinator.loader.pathway(world.pathway(visit)).state
        let name: String
        do {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<14: name = try await discharge(visit)
            case 14..<18: name = try await admitAgain(visit)
            case 18..<25: name = try await cancel(visit, state)
            case 25..<28: name = try await apply(visit)
            case 28..<50: name = try await act("accept", .accept, visit, state)
            case 50..<75: name = try await act("decline", .decline(.noCapacity), visit, state)
            case 75..<83: name = try await giveBack(visit, state)
            case 83..<90: name = try await complete(visit, state)
            case 90..<93: name = try await confirm(visit)
            default:
                world.clock.advance(hours: Int64.random(in: 1...9, using: &random))
                name = "time"
            }
        } catch is Rejection {
            happened["refused", default: 0] += 1
            return
        }
        happened[name, default: 0] += 1
    }

    // MARK: - The hospital

    private mutating func nextMovement() -> Movement {
        movements += 1
        // Sometimes stated after the fact, behind what is known.
        return world.movement("m\(movements)", world.clock.now.adding(hours: Int64.random(in: -30...0, using: &random)))
    }

    private mutating func discharge(_ visit: String) async throws -> String {
        let destination: DischargeDestination = Int.random(in: 0..<10, using: &random) < 8 ? .home : .againstAdvice
        let report = VisitReport.movement(.discharge, nextMovement(), DischargeMode(destination: destination))
        for _ in 0...Int.random(in: 0...1, using: &random) { try await world.report(report, of: visit) }
        return "discharge"
    }

    private mutating func admitAgain(_ visit: String) async throws -> String {
        try await world.report(.movement(.admission, nextMovement(), nil), of: visit)
        return "admission"
    }

    private mutating func cancel(_ visit: String, _ state: Pathway) async throws -> String {
        let known = try world.events(visit).compactMap { event -> (MovementKind, MovementID)? in
            switch event {
            case .patientAdmitted(let body): (.admission, body.movement.id)
            case .patientDischarged(let body): (.discharge, body.movement.id)
            default: nil
            }
        }
        guard let (kind, id) = known.randomElement(using: &random) else { return "nothing" }
        try await world.cancel(kind, id.value, of: visit)
        return "cancellation"
    }

    private func apply(_ visit: String) async throws -> String {
        _ = try await FollowUpDesk(coordinator: world.coordinator)
            .apply(protocol: "heart-failure", to: world.pathway(visit), by: try world.caller(Staff.referent), key: nil)
        return "protocol"
    }

    private func confirm(_ visit: String) async throws -> String {
        let by = Attribution(rpps: Staff.referent, capacity: .referent)
        let confirmation = HomeReturnConfirmed(at: world.clock.now, by: by, howKnown: .phoneCallPatient)
        _ = try await world.coordinator.perform(nil) { work in
            try work.decide(.confirmHomeReturn(confirmation), on: world.pathway(visit), by: world.author)
            return []
        }
        return "home"
    }

    // MARK: - Professionals

    /// By somebody who is asked, mostly; by anybody, sometimes.
    private mutating func act(_ name: String, _ action: FollowUpDesk.Action, _ visit: String, _ state: Pathway) async throws -> String {
        guard let followUp = state.followUps.randomElement(using: &random) else { return "nothing" }
        let asked = followUp.pendingOffers.map(\.to)
        let rpps = Int.random(in: 0..<10, using: &random) == 0 ? Staff.nurses[0] : asked.randomElement(using: &random)
        try await world.act(action, on: followUp, of: visit, by: rpps ?? Staff.referent)
        return name
    }

    private mutating func giveBack(_ visit: String, _ state: Pathway) async throws -> String {
        guard let followUp = state.followUps.filter({ $0.status == .accepted }).randomElement(using: &random), let owner = followUp.acceptedBy
        else { return "nothing" }
        try await world.act(.decline(.absent), on: followUp, of: visit, by: owner)
        return "give back"
    }

    private mutating func complete(_ visit: String, _ state: Pathway) async throws -> String {
        guard let followUp = state.followUps.randomElement(using: &random) else { return "nothing" }
        let done = FollowUpDesk.Action.complete(at: world.clock.now, .done, note: nil)
        try await world.act(done, on: followUp, of: visit, by: followUp.acceptedBy ?? Staff.referent)
        return "done"
    }
}
