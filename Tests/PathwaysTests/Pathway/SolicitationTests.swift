import Pathways
import Testing
import Timekeeping

@Suite("Who is asked, in which order, and for how long")
struct SolicitationTests {
    private static let people = (1...9).map { "9990000010\($0)" }
    private let visit = Example.followUp("nurse-first-visit")
    private let letter = Example.followUp("liaison-letter")
    private let planned = Example.instant("2026-11-16T14:01:00+01:00")
    private let before = [Example.admitted, Example.discharged()]

    private func asked(_ story: [PathwayEvent], _ id: String? = nil) -> [String] {
        Pathway(folding: story).followUp(id ?? visit)?.pendingOffers.map(\.to) ?? []
    }

    private func until(_ story: [PathwayEvent], _ id: String? = nil) -> Instant? {
        Pathway(folding: story).followUp(id ?? visit)?.pendingOffers.first?.until
    }

    private func reconciled(_ story: [PathwayEvent], _ context: PlanningContext) -> [PathwayEvent] {
        story + Given(story).when(.reconcile(context)).events
    }

    @Test func thoseAskedAloneComeFirstThenWaves() throws {
        let people = Self.people
        var story = before
        var now = planned
        // Plain protocol: 240 minutes alone, then three at a time for 120.
        for (wave, expected) in [[people[0]], [people[1]], Array(people[2...4]), Array(people[5...7]), [people[8]], []].enumerated() {
            story = reconciled(story, Example.context(now, asking: people, basis: .declared, alone: 2))
            #expect(asked(story) == expected, "wave \(wave + 1)")
            guard let limit = until(story) else { break }
            #expect(limit == now.adding(minutes: wave < 2 ? 240 : 120), "wave \(wave + 1)")
            now = limit
        }
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.offers.allSatisfy { $0.answer == .lapsed } && followUp.offers.map(\.wave) == [1, 2, 3, 3, 3, 4, 4, 4, 5])
        #expect(followUp.hasNobodyToAsk && followUp.assignment?.reason == Assignment.everybodyAsked && followUp.owner == .referent)
        #expect(Given(story).when(.reconcile(Example.context(now, asking: people))).events.isEmpty)
    }

    @Test func theLapseIsRecordedAtItsTimeAndTheNextAreAskedNow() throws {
        var story = reconciled(before, Example.context(planned, asking: Self.people, basis: .declared))
        let limit = try #require(until(story))
        let late = limit.adding(hours: 5)
        let events = Given(story).when(.reconcile(Example.context(late, asking: Self.people, basis: .declared))).events
        let lapse = OffersLapsed(at: limit, followUp: visit, wave: 1, to: [Self.people[0]])
        #expect(events.contains(.offersLapsed(lapse)))
        story += events
        #expect(asked(story) == Array(Self.people[1...3]) && until(story) == late.adding(minutes: 120))
    }

    @Test func aDeclineOfTheLastOneAskedAsksTheNextAtOnce() {
        var story = reconciled(before, Example.context(planned, asking: Self.people, basis: .declared))
        story += Given(story).when(.decline(followUp: visit, by: Example.by(Self.people[0]), reason: .noCapacity)).events
        story = reconciled(story, Example.context(planned.adding(minutes: 1), asking: Self.people, basis: .declared))
        #expect(asked(story) == Array(Self.people[1...3]))
    }

    @Test func anAnswerIsNotAwaitedBeyondTheEndOfTheWindow() {
        // The letter is due on the day of the discharge.
        let evening = Example.instant("2026-11-16T22:00:00+01:00")
        let story = reconciled(before, Example.context(evening))
        #expect(until(story, letter) == Example.instant("2026-11-16T23:59:59+01:00"))
        let tooLate = Example.instant("2026-11-17T09:00:00+01:00")
        #expect(until(reconciled(before, Example.context(tooLate)), letter) == tooLate.adding(minutes: 240))
    }

    @Test func peopleAreNotAskedAtNightUnlessItIsUrgent() throws {
        let quiet = QuietHours(from: 20 * 60, to: 7 * 60)
        let night = Example.instant("2026-11-16T22:00:00+01:00")
        var story = reconciled(before, Example.context(night, basis: .declared, quietHours: quiet))
        #expect(until(story) == Example.instant("2026-11-17T11:00:00+01:00"))
        story += Given(story).when(.reportAlert(alert(at: night))).events
        story = reconciled(story, Example.context(night, basis: .declared, quietHours: quiet))
        #expect(until(story, "plain-home-discharge/alert-call-back|A1") == night.adding(minutes: 30))
    }

    @Test func whoIsAwayNowIsPassedOverAndAskedOnceBack() {
        let away: Set = [Self.people[0], Self.people[1]]
        let order = Array(Self.people[0...1])
        var story = reconciled(before, Example.context(planned, asking: order, away: away))
        #expect(asked(story).isEmpty)
        #expect(Pathway(folding: story).followUp(visit)?.hasNobodyToAsk == true)
        #expect(Pathway(folding: story).followUp(visit)?.assignment?.reason == Assignment.nobodyOnDuty, "nobody was asked")
        story = reconciled(story, Example.context(planned.adding(hours: 1), asking: order, away: [Self.people[0]]))
        #expect(asked(story) == [Self.people[1]])
        #expect(Pathway(folding: story).followUp(visit)?.assignment?.reason == nil)
    }

    @Test func whoeverTakesPartForTheRoleIsAskedFirstAndAlone() {
        var story = [Example.admitted]
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-16T14:00:00+01:00"), by: Example.by(Example.nurse))).events
        story = reconciled(story, Example.context(Example.instant("2026-11-15T08:00:00+01:00")))
        let preparation = "plain-home-discharge/nurse-preparation|1"
        story += Given(story).when(.accept(followUp: preparation, by: Example.by(Example.otherNurse), at: planned)).events
        #expect(Pathway(folding: story).followUp(preparation)?.status == .done, "accepting it is doing it")
        story.append(Example.discharged())
        story = reconciled(story, Example.context(planned))
        #expect(asked(story) == [Example.otherNurse])
        #expect(Pathway(folding: story).followUp(visit)?.assignment?.basis == .circle)
        // Nobody is ever accepted for: silence goes on to the others.
        story = reconciled(story, Example.context(planned.adding(minutes: 240)))
        #expect(asked(story) == [Example.nurse])
    }

    @Test(arguments: [false, true]) func aLateYesIsAYes(afterDecline: Bool) throws {
        var story = reconciled(before, Example.context(planned, asking: Self.people, basis: .declared))
        if afterDecline {
            story += Given(story).when(.decline(followUp: visit, by: Example.by(Self.people[0]), reason: .absent)).events
        }
        story = reconciled(story, Example.context(planned.adding(hours: 5), asking: Self.people, basis: .declared))
        story += Given(story).when(.accept(followUp: visit, by: Example.by(Self.people[0]), at: planned.adding(hours: 6))).events
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.owner == .professional(Self.people[0]) && followUp.pendingOffers.isEmpty)
        Given(story).when(.accept(followUp: visit, by: Example.by(Self.people[1]), at: planned)).thenRejected(.alreadyAccepted)
    }

    @Test func theReferentHasItOfferedAnew() throws {
        let order = Array(Self.people[0...2])
        var story = reconciled(before, Example.context(planned, asking: order))
        story += Given(story).when(.decline(followUp: visit, by: Example.by(order[1]), reason: .noCapacity)).events
        story = reconciled(story, Example.context(planned.adding(hours: 3), asking: order))
        #expect(Pathway(folding: story).followUp(visit)?.hasNobodyToAsk == true)
        let again = PathwayCommand.solicitAgain(followUp: visit, by: Example.by(Example.referent, as: .referent), at: planned.adding(hours: 4))
        Given(story).when(.solicitAgain(followUp: visit, by: Example.by(Example.nurse), at: planned)).thenRejected(.referentOnly)
        story += Given(story).when(again).events
        Given(story).when(again).thenNothing()
        story = reconciled(story, Example.context(planned.adding(hours: 4), asking: order + [Self.people[8]]))
        // Those who were silent, and whoever is new; not who said no.
        #expect(asked(story) == [order[0], order[2], Self.people[8]])
        // They have not answered yet: asking for it again asks nobody more.
        Given(story).when(again).thenNothing()
        story += Given(story).when(.accept(followUp: visit, by: Example.by(order[0]), at: planned)).events
        Given(story).when(again).thenRejected(.alreadyAccepted)
    }

    // MARK: - Teams

    private let team = "team:challans-nurses"

    @Test func aTeamIsAskedOnceAndAnyMemberClaims() throws {
        var story = reconciled(before, Example.context(planned, asking: [team, Example.nurse]))
        #expect(asked(story) == [team, Example.nurse])
        Given(story).when(.accept(followUp: visit, by: Example.by(Self.people[0]), at: planned)).thenRejected(.notOffered)
        Given(story).when(.accept(followUp: visit, by: Example.by(Self.people[0]), at: planned, team: "other")).thenRejected(.notOffered)
        let claim = PathwayCommand.accept(followUp: visit, by: Example.by(Self.people[0]), at: planned, team: "challans-nurses")
        story += Given(story).when(claim).events
        Given(story).when(claim).thenNothing()
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.acceptedBy == Self.people[0] && followUp.acceptedFor == "challans-nurses")
        #expect(followUp.offers.map(\.answer) == [.accepted, .superseded])

        story += Given(story).when(.decline(followUp: visit, by: Example.by(Self.people[0]), reason: .absent)).events
        story = reconciled(story, Example.context(planned, asking: [team, Example.nurse]))
        #expect(asked(story) == [team, Example.nurse], "another member may take it")
    }

    @Test func aMemberDeclinesForTheTeam() {
        var story = reconciled(before, Example.context(planned, asking: [team]))
        story += Given(story).when(.decline(followUp: visit, by: Example.by(Self.people[0]), reason: .absent, team: "challans-nurses")).events
        story = reconciled(story, Example.context(planned, asking: [team]))
        #expect(asked(story).isEmpty)
        #expect(Pathway(folding: story).followUp(visit)?.hasNobodyToAsk == true)
    }

    private func alert(at instant: Instant) -> AlertSignReported {
        AlertSignReported(report: "A1", at: instant, by: Example.by(Example.nurse), sign: .weightGain, called: [])
    }
}
