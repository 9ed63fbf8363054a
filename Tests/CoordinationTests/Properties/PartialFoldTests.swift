import Coordination
import Pathways
import TestSupport
import Testing

/// Whoever wants to know of single follow-ups alone may leave out what is about others. Seeded; a failure names its seed.
@Suite struct PartialFoldTests {
    @Test(arguments: UInt64(1)...6)
    func aFollowUpStandsWhereTheEventsThatNameItPutIt(seed: UInt64) async throws {
        var pathways = try await RandomPathways(seed: seed)
        let world = pathways.world
        let store = try world.store()
        var (compared, leftOut) = (0, 0)
        for _ in 1...12 {
            for _ in 1...5 { try await pathways.step() }
            try await world.catchUp(world.follower(store), pageSize: 3)
            try await world.scheduler(store).fireDue()
        }
        for visit in pathways.visits {
            let events = try world.events(visit)
            for end in events.indices where end.isMultiple(of: 5) || end > events.count - 3 {
                let told = events[...end]
                let whole = Pathway(folding: told)
                let ids = whole.followUps.map(\.id)
                for wanted in ids.map({ [$0] }) + [[], Array(ids.prefix(2))] {
                    let needed = told.filter { event in event.followUpsAlone?.contains(where: wanted.contains) ?? true }
                    let part = Pathway(folding: needed)
                    for id in wanted { #expect(part.followUp(id) == whole.followUp(id), "seed \(seed), \(visit), event \(end)") }
                    #expect(part.stay == whole.stay && part.reference == whole.reference, "seed \(seed), \(visit), event \(end)")
                    #expect(part.plannedDischargeAt == whole.plannedDischargeAt, "seed \(seed), \(visit), event \(end)")
                    #expect(part.missingPrescriptions == whole.missingPrescriptions, "seed \(seed), \(visit), event \(end)")
                    (compared, leftOut) = (compared + 1, leftOut + told.count - needed.count)
                }
            }
        }
        #expect(compared > 50 && leftOut > compared, "seed \(seed) tests little: \(pathways.happened)")
    }
}
