import Pathways
import Testing
import Timekeeping

@Suite("Professionals accept, decline and report")
struct FollowUpTests {
    private let visit = Example.followUp("nurse-first-visit")
    private let noon = Example.instant("2026-11-17T12:00:00+01:00")

    private func story(_ commands: PathwayCommand...) -> [PathwayEvent] {
        commands.reduce(Example.plannedAtHome()) { $0 + Given($0).when($1).events }
    }

    private func accept(_ rpps: String, as capacity: Attribution.Capacity = .professional) -> PathwayCommand {
        .accept(followUp: visit, by: Example.by(rpps, as: capacity), at: noon)
    }

    private func complete(_ rpps: String, _ outcome: FollowUpOutcome = .done) -> PathwayCommand {
        .complete(followUp: visit, by: Example.by(rpps), at: noon, outcome: outcome, note: nil)
    }

    @Test func theFirstAcceptanceWinsAndTheSecondIsTold() throws {
        let story = story(accept(Example.nurse))
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.status == .accepted && followUp.acceptedBy == Example.nurse)
        #expect(followUp.offers.map(\.answer) == [.accepted, .superseded])
        Given(story).when(accept(Example.otherNurse)).thenRejected(.alreadyAccepted)
        Given(story).when(accept(Example.nurse)).thenNothing()
    }

    @Test func onlyThoseAskedMayAccept() {
        Given(story()).when(accept("99900000077")).thenRejected(.notOffered)
        #expect(Given(story()).when(accept(Example.referent, as: .referent)).events.count == 1)
    }

    @Test func aDeclineAsksTheNext() throws {
        let context = Example.context(at: "2026-11-16T14:01:00+01:00", asking: ["99900000001", "99900000002", "99900000003", "99900000004"])
        let before = [Example.admitted, Example.discharged()]
        var story = before + Given(before).when(.reconcile(context)).events
        #expect(Pathway(folding: story).followUp(visit)?.pendingOffers.count == 3)
        for rpps in ["99900000001", "99900000002", "99900000003"] {
            story += Given(story).when(.decline(followUp: visit, by: Example.by(rpps), reason: .noCapacity)).events
        }
        story += Given(story).when(.reconcile(context)).events
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.pendingOffers.map(\.to) == ["99900000004"])
        #expect(followUp.pendingOffers.map(\.wave) == [2])

        story += Given(story).when(.decline(followUp: visit, by: Example.by("99900000004"), reason: .absent)).events
        story += Given(story).when(.reconcile(context)).events
        let alone = try #require(Pathway(folding: story).followUp(visit))
        #expect(alone.status == .open && alone.owner == .referent && alone.hasNobodyToAsk)
        #expect(alone.assignment?.reason == Assignment.everybodyAsked)
        Given(story).when(.reconcile(context)).thenNothing()
    }

    @Test func theDeclaredProfessionalIsAskedAlone() {
        let context = Example.context(at: "2026-11-16T14:01:00+01:00", basis: .declared)
        let before = [Example.admitted, Example.discharged()]
        let after = Pathway(folding: before + Given(before).when(.reconcile(context)).events)
        #expect(after.followUp(visit)?.pendingOffers.map(\.to) == [Example.nurse])
    }

    @Test func whatIsGivenBackIsOfferedAgainToOthers() throws {
        var story = story(accept(Example.nurse), .decline(followUp: visit, by: Example.by(Example.nurse), reason: .absent))
        #expect(Pathway(folding: story).followUp(visit)?.status == .open)
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-17T13:00:00+01:00"))).events
        #expect(Pathway(folding: story).followUp(visit)?.pendingOffers.map(\.to) == [Example.otherNurse])
    }

    @Test func doneIsDone() {
        let story = story(accept(Example.nurse), complete(Example.nurse))
        #expect(Pathway(folding: story).followUp(visit)?.status == .done)
        Given(story).when(complete(Example.nurse)).thenNothing()
        Given(story).when(accept(Example.otherNurse)).thenRejected(.alreadyClosed)
        Given(story).when(complete(Example.otherNurse)).thenRejected(.alreadyClosed)
    }

    @Test func anothersFollowUpIsNotMineToReport() {
        Given(story(accept(Example.nurse))).when(complete(Example.otherNurse)).thenRejected(.notYours)
    }

    @Test func theFollowUpForTheHomeReturnRecordsIt() throws {
        var story = Example.plannedAtHome()
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-18T08:00:00+01:00"))).events
        let asked = try #require(Pathway(folding: story).followUps.first { $0.plan.becauseHomeReturnMissing })
        story +=
            Given(story).when(
                .complete(
                    followUp: asked.id,
                    by: Example.by(Example.referent, as: .referent),
                    at: Example.instant("2026-11-18T09:00:00+01:00"),
                    outcome: .done,
                    note: nil
                )
            ).events
        #expect(Pathway(folding: story).status == .atHome)
    }

    @Test func aHomeReturnBeforeTheDischargeIsRefused() {
        let early = HomeReturnConfirmed(at: Example.instant("2026-11-15T09:00:00+01:00"), by: Example.by(Example.nurse), howKnown: .visit)
        Given(story()).when(.confirmHomeReturn(early)).thenRejected(.beforeDischarge)
        Given([Example.admitted]).when(.confirmHomeReturn(early)).thenRejected(.notDischarged)
    }

    @Test func nothingCanBeAskedOfAnUnknownPathway() {
        Given().when(accept(Example.nurse)).thenRejected(.unknownPathway)
        Given([Example.admitted]).when(accept(Example.nurse)).thenRejected(.unknownFollowUp)
    }

    @Test func latenessIsComputed() throws {
        let followUp = try #require(Pathway(folding: story()).followUp(visit))
        #expect(!followUp.isLate(at: followUp.plan.dueBy))
        #expect(followUp.isLate(at: followUp.plan.dueBy.adding(milliseconds: 1)))
    }
}
