import Pathways
import Testing
import Timekeeping

@Suite("The référent-parcours takes back what somebody accepted and does not do")
struct TakingBackTests {
    private let visit = Example.followUp("nurse-first-visit")
    private let noon = Example.instant("2026-11-17T12:00:00+01:00")
    private let referent = Example.by(Example.referent, as: .referent)

    private func accepted(for team: String? = nil) -> [PathwayEvent] {
        let asking = [team.map { "team:\($0)" } ?? Example.nurse, Example.otherNurse]
        let before = [Example.admitted, Example.discharged()]
        let story = before + Given(before).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00", asking: asking))).events
        return story + Given(story).when(.accept(followUp: visit, by: Example.by(Example.nurse), at: noon, team: team)).events
    }

    private var takeBack: PathwayCommand { .decline(followUp: visit, by: referent, reason: .absent) }

    @Test func itIsOfferedToOthers() throws {
        var story = accepted()
        let taken = PathwayEvent.followUpDeclined(FollowUpDeclined(followUp: visit, by: referent, reason: .absent, givenBack: true))
        Given(story).when(takeBack).then([taken])
        story.append(taken)
        let open = try #require(Pathway(folding: story).followUp(visit))
        #expect(open.status == .open && open.owner == .referent && open.acceptedAt == nil)
        // Who had it is not asked again; who took it back is not kept from having it.
        #expect(open.givenBackBy == [Example.nurse])
        let context = Example.context(at: "2026-11-17T12:01:00+01:00", asking: [Example.nurse, Example.otherNurse, Example.referent])
        story += Given(story).when(.reconcile(context)).events
        #expect(Pathway(folding: story).followUp(visit)?.pendingOffers.map(\.to) == [Example.otherNurse])
        #expect(Given(story).when(.accept(followUp: visit, by: referent, at: noon)).events.count == 1)
    }

    @Test func ofATeamAnotherMemberMayHaveIt() throws {
        var story = accepted(for: "challans-nurses")
        story += Given(story).when(takeBack).events
        let context = Example.context(at: "2026-11-17T12:01:00+01:00", asking: ["team:challans-nurses", Example.otherNurse])
        story += Given(story).when(.reconcile(context)).events
        let open = try #require(Pathway(folding: story).followUp(visit))
        #expect(open.givenBackBy == [Example.nurse] && open.acceptedFor == nil)
        #expect(open.pendingOffers.map(\.to) == ["team:challans-nurses", Example.otherNurse])
    }

    @Test func onHoldToo() throws {
        var story = accepted()
        let back = Example.instant("2026-11-17T13:00:00+01:00")
        story += Given(story).when(.reconcile(Example.context(back, readmittedAt: back))).events
        story += Given(story).when(takeBack).events
        let held = try #require(Pathway(folding: story).followUp(visit))
        #expect(held.status == .onHold && held.owner == .referent)
    }

    @Test func nobodyElseTakesItBack() {
        let other = PathwayCommand.decline(followUp: visit, by: Example.by("99900000077"), reason: .absent)
        Given(accepted()).when(other).thenRejected(.notOffered)
        Given(Example.plannedAtHome()).when(takeBack).thenRejected(.notOffered)
        let done = accepted() + Given(accepted()).when(.complete(followUp: visit, by: referent, at: noon, outcome: .done, note: nil)).events
        Given(done).when(takeBack).thenRejected(.alreadyClosed)
    }
}
