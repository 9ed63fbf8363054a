import Coordination
import EventStore
import Pathways
import TestSupport
import Testing
import Timekeeping

/// I7: at every instant each open follow-up has exactly one owner and one next deadline. Seeded; a failure names its seed.
@Suite struct ClosedLoopTests {
    static let seeds: [UInt64] = Array(1...8)

    @Test(arguments: seeds)
    func everyOpenFollowUpHasOneOwnerAndOneDeadline(seed: UInt64) async throws {
        var pathways = try await RandomPathways(seed: seed)
        let world = pathways.world
        let store = try world.store()
        var open = 0
        for round in 1...24 {
            for _ in 1...5 { try await pathways.step() }
            try await world.catchUp(world.follower(store), pageSize: 1 + round % 7)
            try await world.scheduler(store).fireDue()
            for visit in pathways.visits {
                let events = try world.events(visit)
                let ledger = Ledger(events, published: Self.published)
                let state = Pathway(folding: events)
                #expect(ledger.faults == [], "seed \(seed), round \(round), \(visit)")
                #expect(Set(ledger.accounts.keys) == Set(state.followUps.map(\.id)), "seed \(seed), round \(round), \(visit)")
                for followUp in state.followUps {
                    let account = try #require(ledger.accounts[followUp.id])
                    let place: Comment = "seed \(seed), round \(round), \(visit), \(followUp.plan.rule)"
                    #expect(followUp.status.isPending == account.isPending, place)
                    guard account.isPending else { continue }
                    open += 1
                    // The owner: who accepted, else the référent-parcours; never both, never nobody.
                    #expect((followUp.status == .onHold) == account.isOnHold, place)
                    #expect(followUp.status == .onHold || (followUp.status == .accepted) == (account.owner != nil), place)
                    #expect(followUp.owner == account.owner.map(Owner.professional) ?? .referent, place)
                    // What has passed is an event already.
                    let deadline = try #require(followUp.nextDeadline)
                    #expect(deadline.at > world.clock.now, place)
                    if let until = account.asked.map(\.until).min() { #expect(deadline.at <= until, place) }
                    #expect(Set(followUp.pendingOffers.map(\.to)) == Set(account.asked.map(\.rpps)), place)
                    // The planner has looked at it, and asks as long as there is anybody to ask.
                    if account.isOnHold { continue }
                    #expect(followUp.assignment != nil, place)
                    if account.owner == nil, account.asked.isEmpty { #expect(account.remaining == [], place) }
                }
            }
        }
        #expect(open > 100, "seed \(seed) tests little: \(pathways.happened)")
    }

    @Test func theHistoriesHoldEverything() async throws {
        var happened: [String: Int] = [:]
        var waves: Set<Int> = []
        var withdrawn = 0
        var plannedAgain = 0
        for seed in Self.seeds.prefix(4) {
            var pathways = try await RandomPathways(seed: seed)
            let store = try pathways.world.store()
            for _ in 1...24 {
                for _ in 1...5 { try await pathways.step() }
                try await pathways.world.catchUp(pathways.world.follower(store))
            }
            for visit in pathways.visits {
                var planned: Set<String> = []
                for event in try pathways.world.events(visit) {
                    switch event {
                    case .offersMade(let body): waves.formUnion(body.solicitations.map(\.wave))
                    case .followUpsWithdrawn(let body): withdrawn += body.withdrawals.count
                    case .followUpsPlanned(let body): plannedAgain += body.followUps.count { !planned.insert($0.id).inserted }
                    default: break
                    }
                }
            }
            happened.merge(pathways.happened, uniquingKeysWith: +)
        }
        let wanted: Set = [
            "discharge", "admission", "cancellation", "protocol", "accept", "decline", "give back", "done", "home", "time", "refused",
        ]
        #expect(wanted.subtracting(happened.keys) == [], "\(happened)")
        #expect(waves.isSuperset(of: [1, 2]))
        #expect(withdrawn > 20)
        #expect(plannedAgain > 0)
    }

    /// The order in which a follow-up is offered: by rank, among those of its role who cover Challans.
    private static func published(_ plan: PlannedFollowUp) -> [String] {
        let people: [String]
        switch plan.role {
        case .nurse: people = Array(Staff.nurses.prefix(5))
        case .attendingGP: people = Staff.gps
        case .pharmacist: people = Staff.pharmacists
        case .dischargingUnit: return [Staff.unitContact]
        default: return []
        }
        let ranked = people.compactMap { rpps in
            (try? RPPS(rpps)).map { (RotationOrder.rank(seed: Array(plan.id.utf8), rpps: $0), rpps) }
        }
        return ranked.sorted { $0 < $1 }.map(\.1)
    }
}
