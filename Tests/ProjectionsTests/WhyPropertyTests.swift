import EventStore
import Foundation
import Pathways
import Testing
import Timekeeping

@testable import Projections

/// Seeded random histories; a failure names its seed.
@Suite struct WhyPropertyTests {
    private struct Case {
        let standpoint: Standpoint
        let item: ExplainedItem
        let story: [ToldEvent]
    }

    /// Every item of every list at the end of a history, and follow-ups that have ended.
    private func cases(_ history: RandomHistory) throws -> [Case] {
        let world = history.world
        let reader = WhyReader(views: try world.views(), log: world.log, sealer: history.keys, territory: world.territoryStream)
        var cases: [Case] = []
        for stream in history.order {
            let story = try reader.story(of: stream, through: try world.log.head().position)
            for followUp in Pathway(folding: story.map(\.event)).followUps {
                let asked = Set(followUp.offers.map(\.to)).sorted().map(Standpoint.asked)
                let told = TestTerritory.everybody.map(Standpoint.told)
                for standpoint in [.owner] + asked + told {
                    guard let item = ItemFold(followUp.id, from: standpoint, folding: story).item else { continue }
                    cases.append(Case(standpoint: standpoint, item: item, story: story))
                }
            }
        }
        return cases
    }

    /// Each cited event is needed; none of the others is, neither alone nor all together.
    @Test(arguments: HistoryPropertyTests.seeds)
    func whatIsCitedIsNeededAndTheRestIsNot(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed, erases: false)
        try await history.run(steps: 90)
        try history.world.catchUp()
        var states: Set<ExplainedItem.State> = []
        var cited = 0
        for found in try cases(history) {
            let (item, story) = (found.item, found.story)
            func fold(_ events: [ToldEvent]) -> ExplainedItem? { ItemFold(item.followUp, from: found.standpoint, folding: events).item }
            let causes = Causes.find(item, from: found.standpoint, in: story)
            #expect(Set(causes).isSubset(of: story) && causes.map(\.position) == causes.map(\.position).sorted())
            for told in story {
                let rest = fold(story.filter { $0 != told })
                let label = "seed \(seed), \(item.state) \(item.followUp.prefix(8)) without \(told.recorded.type) at \(told.position)"
                if causes.contains(told) { #expect(rest != item, "\(label)") } else { #expect(rest == item, "\(label)") }
            }
            #expect(fold(causes) == item, "seed \(seed), \(item.state) \(item.followUp.prefix(8))")
            #expect(causes.contains { $0.position == item.from }, "seed \(seed): what put it there is not cited")
            states.insert(item.state)
            cited += causes.count
        }
        #expect(states.count >= 4 && cited > 60, "seed \(seed) explains too little: \(states), \(cited)")
    }

    /// Each line of each list has its explanation, of the same kind, owner and deadline; and it comes to the same again.
    @Test(arguments: HistoryPropertyTests.seeds)
    func everyLineOfEveryListIsExplained(seed: UInt64) async throws {
        var history = try RandomHistory(seed: seed)
        try await history.run(steps: 100)
        let world = history.world
        try world.catchUp(pageSize: 11, sealer: history.keys)
        let reader = WhyReader(views: try world.views(), log: world.log, sealer: history.keys, territory: world.territoryStream)
        let another = WhyReader(views: try world.views(), log: world.log, sealer: history.keys, territory: world.territoryStream)
        var explained = 0
        for rpps in TestTerritory.everybody {
            for item in try world.list(rpps).items {
                let why = try #require(try reader.explanation(ofFollowUp: item.followUp, inListOf: rpps, as: item.kind), "seed \(seed)")
                #expect(
                    why.item.state.rawValue == (item.kind == .escalated ? "accepted" : item.kind.rawValue) && why.item.plan.title == item.title,
                    "seed \(seed)"
                )
                #expect(why.item.withdrawal == item.withdrawal && why.item.answerBy == item.answerBy, "seed \(seed)")
                if item.kind != .notice {
                    #expect(why.nextDeadline?.at == item.nextDeadline?.at, "seed \(seed)")
                    #expect(why.owner?.addressee == item.owner.map { .professional($0.rpps) }, "seed \(seed)")
                    #expect(why.item.escalation?.at == item.escalations.last?.at, "seed \(seed)")
                }
                #expect(!why.sentence.isEmpty && !why.because.isEmpty && !why.sentence.contains("'"), "seed \(seed)")
                #expect(try another.explanation(ofFollowUp: item.followUp, inListOf: rpps, as: item.kind)?.json() == why.json(), "seed \(seed)")
                explained += 1
            }
        }
        #expect(explained > 10, "seed \(seed) explains \(explained)")
    }
}
