import Pathways
import Testing
import Timekeeping

@Suite("A readmission holds what is pending; afterwards it goes on, or is planned anew")
struct HoldTests {
    private let visit = Example.followUp("nurse-first-visit")
    private let back = Example.instant("2026-11-17T08:00:00+01:00")
    private let now = Example.instant("2026-11-17T09:00:00+01:00")

    private var accepted: [PathwayEvent] {
        let story = Example.plannedAtHome()
        let accept = PathwayCommand.accept(followUp: visit, by: Example.by(Example.nurse), at: Example.instant("2026-11-16T15:00:00+01:00"))
        return story + Given(story).when(accept).events
    }

    private func reconciled(_ story: [PathwayEvent], _ context: PlanningContext) -> [PathwayEvent] {
        story + Given(story).when(.reconcile(context)).events
    }

    private var held: [PathwayEvent] { reconciled(accepted, Example.context(now, readmittedAt: back)) }

    @Test func anotherVisitHoldsAndWhoAcceptedKeepsIt() throws {
        let after = Pathway(folding: held)
        #expect(after.followUps.allSatisfy { $0.status == .onHold && $0.pendingOffers.isEmpty && $0.heldSince == back })
        let followUp = try #require(after.followUp(visit))
        #expect(followUp.owner == .professional(Example.nurse) && !followUp.isLate(at: now.adding(days: 30)))
        #expect(followUp.nextDeadline == Deadline(at: now.adding(days: 7), kind: .holdReview(followUp: visit)))
        Given(held).when(.reconcile(Example.context(now, readmittedAt: back))).thenNothing()
        let other = PathwayCommand.accept(followUp: Example.followUp("gp-visit"), by: Example.by(Example.nurse), at: now)
        Given(held).when(other).thenRejected(.onHold)
        Given(held).when(.accept(followUp: visit, by: Example.by(Example.nurse), at: now)).thenNothing()
    }

    @Test func somebodyLooksAtWhatWaitsForLong() {
        let later = now.adding(days: 15)
        let told = Given(held).when(.reconcile(Example.context(later, readmittedAt: back))).events.compactMap { event in
            if case .followUpEscalated(let body) = event, body.followUp == visit { body } else { nil }
        }
        #expect(told.map(\.at) == [now.adding(days: 7), now.adding(days: 14)])
        #expect(told.allSatisfy { $0.reason == .heldForLong && $0.to == [Example.referent] })
    }

    @Test func itGoesOnWithWhoHadAccepted() throws {
        let later = Example.instant("2026-11-20T14:00:00+01:00")
        let story = reconciled(held, Example.context(later))
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.status == .accepted && followUp.acceptedBy == Example.nurse && followUp.isLate(at: later))
        // Due on the 18th at 14:00: of the two steps that passed, the later one is told.
        #expect(followUp.escalations == 3)
        #expect(followUp.nextDeadline?.at == Example.instant("2026-11-22T14:00:00+01:00"))
        let doctor = try #require(Pathway(folding: story).followUp(Example.followUp("gp-visit")))
        #expect(doctor.status == .open && doctor.pendingOffers.map(\.to) == [Example.nurse, Example.otherNurse])
        Given(story).when(.reconcile(Example.context(later))).thenNothing()
    }

    @Test func whatTheOtherVisitPlannedIsNotDoneTwice() throws {
        let rule = try #require(RuleReference("plain-home-discharge/nurse-first-visit"))
        let context = Example.context(Example.instant("2026-11-20T14:00:00+01:00"), plannedElsewhere: [rule])
        let story = reconciled(held, context)
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.withdrawal == .superseded && followUp.toldOfWithdrawal == [Example.nurse])
        #expect(Pathway(folding: story).followUp(Example.followUp("gp-visit"))?.status == .open)
        Given(story).when(.reconcile(context)).thenNothing()
        // The other discharge is taken back.
        #expect(Pathway(folding: reconciled(story, Example.context(now))).followUp(visit)?.status == .open)
    }

    @Test func theSameVisitHoldsAndTheNextDischargePlansAnew() {
        var story = accepted
        story += Given(story).when(Example.report(.admission, "3", "2026-11-17T08:00:00+01:00")).events
        story = reconciled(story, Example.context(now))
        #expect(Pathway(folding: story).followUp(visit)?.status == .onHold)
        story += Given(story).when(Example.report(.discharge, "4", "2026-11-19T10:00:00+01:00", to: .home)).events
        story = reconciled(story, Example.context(at: "2026-11-19T10:05:00+01:00"))
        #expect(Pathway(folding: story).followUp(visit)?.withdrawal == .dischargeChanged)
        #expect(Pathway(folding: story).followUp("plain-home-discharge/nurse-first-visit|4")?.status == .open)
    }

    @Test func aReadmissionThatIsTakenBackLetsItGoOn() {
        var story = accepted
        story += Given(story).when(Example.report(.admission, "3", "2026-11-17T08:00:00+01:00")).events
        story = reconciled(story, Example.context(now))
        story += Given(story).when(Example.cancel(.admission, "3")).events
        story = reconciled(story, Example.context(now.adding(hours: 1)))
        #expect(Pathway(folding: story).followUp(visit)?.status == .accepted)
    }

    @Test func anEmergencyVisitUnderTheSameNumberInterruptsOnly() {
        var story = accepted
        story += Given(story).when(Example.report(.emergencyVisit, "3", "2026-11-17T08:00:00+01:00")).events
        story = reconciled(story, Example.context(now))
        #expect(Pathway(folding: story).followUp(visit)?.status == .onHold)
        story += Given(story).when(Example.report(.discharge, "4", "2026-11-17T11:00:00+01:00", to: .home)).events
        story = reconciled(story, Example.context(at: "2026-11-17T11:05:00+01:00"))
        #expect(Pathway(folding: story).followUp(visit)?.status == .accepted)
        #expect(Pathway(folding: story).followUp("plain-home-discharge/nurse-first-visit|4") == nil)
    }

    @Test func aDeathEndsWhatWaits() {
        let story = reconciled(held, Example.context(now, isDeceased: true, readmittedAt: back))
        #expect(Pathway(folding: story).followUps.allSatisfy { $0.withdrawal == .deceased })
    }

    @Test func itIsGivenBackWhileItWaits() throws {
        let giveBack = PathwayCommand.decline(followUp: visit, by: Example.by(Example.nurse), reason: .absent)
        var story = held + Given(held).when(giveBack).events
        #expect(Pathway(folding: story).followUp(visit)?.status == .onHold)
        #expect(Pathway(folding: story).followUp(visit)?.owner == .referent)
        story = reconciled(story, Example.context(now))
        #expect(Pathway(folding: story).followUp(visit)?.pendingOffers.map(\.to) == [Example.otherNurse])
    }
}
