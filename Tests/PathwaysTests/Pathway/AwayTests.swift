import Pathways
import Testing
import Timekeeping

@Suite("Who is away is not waited for, and who comes back is asked")
struct AwayTests {
    private static let people = (1...5).map { "9990000010\($0)" }
    private let visit = Example.followUp("nurse-first-visit")
    private let planned = Example.instant("2026-11-16T14:01:00+01:00")
    private let before = [Example.admitted, Example.discharged()]

    private func reconciled(_ story: [PathwayEvent], _ context: PlanningContext) -> [PathwayEvent] {
        story + Given(story).when(.reconcile(context)).events
    }

    private func asked(_ story: [PathwayEvent]) -> [String] { Pathway(folding: story).followUp(visit)?.pendingOffers.map(\.to) ?? [] }

    private func lapses(_ story: [PathwayEvent]) -> [OffersLapsed] {
        story.compactMap { if case .offersLapsed(let body) = $0, body.followUp == visit { body } else { nil } }
    }

    @Test func anOfferToWhoIsAwayLapsesNowAndTheNextAreAsked() throws {
        let people = Self.people
        var story = reconciled(before, Example.context(planned, asking: people, basis: .declared))
        #expect(asked(story) == [people[0]])
        let seen = planned.adding(minutes: 5)
        let away = Example.context(seen, asking: people, basis: .declared, away: [people[0]])
        story = reconciled(story, away)
        #expect(lapses(story) == [OffersLapsed(at: seen, followUp: visit, wave: 1, to: [people[0]], away: true)])
        #expect(asked(story) == Array(people[1...3]))
        Given(story).when(.reconcile(away)).thenNothing()
        // Their yes still counts, and once the others have said no they are asked again, before anybody new.
        for rpps in people[1...3] { story += Given(story).when(.decline(followUp: visit, by: Example.by(rpps), reason: .noCapacity)).events }
        #expect(Given(story).when(.accept(followUp: visit, by: Example.by(people[0]), at: seen)).events.count == 1)
        story = reconciled(story, Example.context(seen.adding(minutes: 5), asking: people, basis: .declared))
        #expect(asked(story) == [people[0]])
    }

    /// Those of a wave who are there go on being asked; nobody is asked beside them.
    @Test func ofAWaveOnlyTheAbsentLapse() {
        var story = reconciled(before, Example.context(planned, asking: Self.people))
        story = reconciled(story, Example.context(planned.adding(minutes: 5), asking: Self.people, away: [Self.people[1]]))
        #expect(lapses(story).map(\.to) == [[Self.people[1]]])
        #expect(asked(story) == [Self.people[0], Self.people[2]])
    }

    /// What the order was made of may have changed: it is made anew, without being asked for, as long as nobody was there to ask.
    @Test(arguments: [[], [people[0]]]) func whereNobodyWasThereTheOrderIsMadeAnew(order: [String]) throws {
        let nobody = Example.context(planned, asking: order, away: Set(order))
        var story = reconciled(before, nobody)
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.hasNobodyToAsk && followUp.offers.isEmpty)
        Given(story).when(.reconcile(nobody)).thenNothing()
        story = reconciled(story, Example.context(planned.adding(hours: 1), asking: [Self.people[3]], away: Set(order)))
        #expect(asked(story) == [Self.people[3]])
        #expect(Pathway(folding: story).followUp(visit)?.assignment?.basis == .coverage)
    }
}
