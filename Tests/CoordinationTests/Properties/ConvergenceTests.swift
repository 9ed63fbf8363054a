import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// I5: late, repeated and out-of-order facts end with the same open follow-ups, wherever the planner ran between them.
@Suite struct ConvergenceTests {
    /// A few movements of one visit and the cancellations of some: all that the hospital ever says of it.
    private static func facts(_ random: inout SplitMix64, in world: World) -> [VisitReport] {
        var reports: [VisitReport] = [.movement(.admission, world.movement("in", World.start.adding(days: -2)), nil)]
        let kinds: [MovementKind] = [.discharge, .discharge, .discharge, .admission, .admission, .transfer, .emergencyVisit, .preadmission]
        for number in 1...Int.random(in: 1...6, using: &random) {
            let kind = number == 1 ? .discharge : kinds.randomElement(using: &random) ?? .discharge
            let instant = World.start.adding(hours: Int64.random(in: -40...0, using: &random))
            let destination: DischargeDestination = [.home, .home, .home, .againstAdvice, .smr].randomElement(using: &random) ?? .home
            let mode = kind == .discharge ? DischargeMode(destination: destination) : nil
            reports.append(.movement(kind, world.movement("m\(number)", instant), mode))
        }
        for case .movement(let kind, let movement, _) in reports where Int.random(in: 0..<4, using: &random) == 0 {
            reports.append(.cancellation(movement.id, kind, world.statement("cancel-\(movement.id.value)")))
        }
        return reports
    }

    private struct Open: Hashable, CustomStringConvertible {
        let rule: RuleReference
        let movement: MovementID
        var description: String { "\(rule) after \(movement.value)" }
    }

    /// - Parameter repeats: states some facts again, and lets the planner run where chance says.
    private static func openAfter(
        _ facts: [VisitReport],
        _ visit: String,
        in world: World,
        repeats random: inout SplitMix64,
        always: Bool
    ) async throws -> Set<Open> {
        let follower = world.follower(try world.store())
        for (index, fact) in facts.enumerated() {
            try await world.report(fact, of: visit)
            if always, let again = facts.prefix(index + 1).randomElement(using: &random) { try await world.report(again, of: visit) }
            if always, Bool.random(using: &random) { try await world.catchUp(follower, pageSize: Int.random(in: 1...5, using: &random)) }
        }
        try await world.catchUp(follower)
        let open = try world.state(visit).followUps.filter(\.status.isPending)
        #expect(Set(open.map(\.id)).count == open.count)
        return Set(open.map { Open(rule: $0.plan.rule, movement: $0.plan.movement) })
    }

    @Test(arguments: Array(UInt64(1)...40))
    func whateverTheOrderOfArrivalTheSameFollowUpsAreOpen(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let world = try await World(seed: seed)
        // Half of the worlds learn everything only after the home return was due.
        if seed.isMultiple(of: 2) { world.clock.set(World.homeReturnLimit.adding(hours: 5)) }
        let facts = Self.facts(&random, in: world)
        let told = try await Self.openAfter(facts, "told", in: world, repeats: &random, always: false)
        for number in 1...2 {
            let shuffled = facts.shuffled(using: &random)
            let found = try await Self.openAfter(shuffled, "shuffled-\(number)", in: world, repeats: &random, always: true)
            #expect(found == told, "seed \(seed), order \(number): \(shuffled.map { "\($0.movementID.value)" })")
        }
    }

    @Test func theFactsAreWorthTelling() async throws {
        let world = try await World()
        var sizes: [Int] = []
        for seed in UInt64(1)...40 {
            var random = SplitMix64(seed: seed)
            let facts = Self.facts(&random, in: world)
            sizes.append(try await Self.openAfter(facts, "seed-\(seed)", in: world, repeats: &random, always: false).count)
        }
        #expect(sizes.count { $0 > 0 } > 10)
        #expect(sizes.count { $0 == 0 } > 5)
    }
}
