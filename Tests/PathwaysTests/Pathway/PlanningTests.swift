import Foundation
import Pathways
import Testing
import Timekeeping

@Suite("The planner brings follow-ups in line with the visit")
struct PlanningTests {
    private func rules(_ pathway: Pathway, _ status: FollowUp.Status? = nil) -> Set<String> {
        Set(pathway.followUps.filter { status == nil || $0.status == status }.map(\.plan.rule.rule))
    }

    @Test func aHomeDischargeGetsThePlainProtocol() throws {
        let after = Pathway(folding: Example.plannedAtHome())
        #expect(rules(after) == ["gp-visit", "nurse-first-visit", "pharmacy-reconciliation", "liaison-letter"])
        let nurse = try #require(after.followUps.first { $0.plan.role == .nurse })
        #expect(nurse.plan.dueBy == Example.instant("2026-11-18T14:00:00+01:00"))
        let gp = try #require(after.followUps.first { $0.plan.role == .attendingGP })
        #expect(gp.plan.dueBy == Example.instant("2026-11-23T23:59:59+01:00"))
    }

    @Test func planningTwiceChangesNothing() {
        Given(Example.plannedAtHome()).when(.reconcile(Example.context(at: "2026-11-16T14:02:00+01:00"))).thenNothing()
    }

    @Test(arguments: [DischargeDestination.ehpad, .smr, .had])
    func whoTakesOverReadsTheLetter(destination: DischargeDestination) {
        let story = [Example.admitted, Example.discharged(to: destination)]
        let after = Pathway(folding: story + Given(story).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).events)
        #expect(after.followUps.map(\.plan.rule.description) == ["\(destination.rawValue)-discharge/liaison-letter"])
    }

    @Test(arguments: [DischargeDestination.transfer, .death])
    func otherDestinationsPlanNothingInTheCity(destination: DischargeDestination) {
        Given([Example.admitted, Example.discharged(to: destination)])
            .when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).thenNothing()
    }

    @Test func againstAdviceAsksTheGPUrgently() throws {
        let story = [Example.admitted, Example.discharged(to: .againstAdvice)]
        let after = Pathway(folding: story + Given(story).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).events)
        let urgent = try #require(after.followUps.first { $0.plan.role == .attendingGP })
        #expect(urgent.plan.priority == .urgent)
    }

    @Test func anUnknownModeOfDischargeIsAskedForByTheReferent() {
        let story = [Example.admitted, Example.discharged(to: .unknown)]
        let after = Pathway(folding: story + Given(story).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).events)
        #expect(after.followUps.map(\.plan.role) == [.referent])
    }

    @Test func anEmergencyVisitIsNoStay() {
        let visit = PathwayEvent.emergencyVisitRegistered(
            .init(pathway: Example.reference, movement: Example.movement("1", "2026-11-16T09:00:00+01:00"))
        )
        Given([visit, Example.discharged()]).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).thenNothing()
    }

    @Test func aCancelledDischargeWithdrawsWithNotice() throws {
        var story = Example.plannedAtHome()
        story +=
            Given(story).when(
                .accept(
                    followUp: Example.followUp("nurse-first-visit"),
                    by: Example.by(Example.nurse),
                    at: Example.instant("2026-11-16T15:00:00+01:00")
                )
            ).events
        story += Given(story).when(Example.cancel(.discharge, "2")).events
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-16T16:00:00+01:00"))).events
        let after = Pathway(folding: story)
        let ofDischarge = after.followUps.filter { $0.plan.trigger == .discharge }
        #expect(ofDischarge.count == 4 && ofDischarge.allSatisfy { $0.status == .withdrawn && $0.withdrawal == .dischargeCancelled })
        // The patient is in hospital after all.
        #expect(after.followUps.filter(\.status.isPending).map(\.plan.trigger) == [.admission])
        let nurse = try #require(after.followUp(Example.followUp("nurse-first-visit")))
        #expect(nurse.toldOfWithdrawal == [Example.nurse])
        let gp = try #require(after.followUp(Example.followUp("gp-visit")))
        #expect(gp.toldOfWithdrawal == [Example.nurse, Example.otherNurse])

        story += Given(story).when(.acknowledgeWithdrawal(followUp: nurse.id, by: Example.by(Example.nurse))).events
        #expect(Pathway(folding: story).followUp(nurse.id)?.toldOfWithdrawal == [])
    }

    @Test func aCancelledAdmissionWithdrawsToo() {
        var story = Example.plannedAtHome()
        story += Given(story).when(Example.cancel(.discharge, "2")).events
        story += Given(story).when(Example.cancel(.admission, "1")).events
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-16T16:00:00+01:00"))).events
        #expect(Pathway(folding: story).followUps.allSatisfy { $0.withdrawal == .admissionCancelled })
    }

    @Test func aSecondDischargePlansAnew() {
        var story = Example.plannedAtHome()
        story += Given(story).when(Example.cancel(.discharge, "2")).events
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-16T16:00:00+01:00"))).events
        story += Given(story).when(Example.report(.discharge, "3", "2026-11-17T10:00:00+01:00", to: .home)).events
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-17T10:01:00+01:00"))).events
        let after = Pathway(folding: story)
        #expect(after.followUps.filter(\.status.isPending).count == 4)
        #expect(after.followUps.filter { $0.withdrawal == .dischargeCancelled }.count == 4)
        #expect(after.followUps.filter { $0.withdrawal == .discharged }.map(\.plan.trigger) == [.admission])
    }

    @Test func aSpecificProtocolReplacesWhatItSupersedes() {
        var story = Example.plannedAtHome()
        story += Given(story).when(.applyProtocol("heart-failure", by: Example.by(Example.referent, as: .referent))).events
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-16T15:00:00+01:00"))).events
        let after = Pathway(folding: story)
        let gpVisits = after.followUps.filter { $0.status == .open && $0.plan.rule.rule.hasPrefix("gp-visit") }
        #expect(gpVisits.allSatisfy { $0.plan.rule.followUpProtocol == "heart-failure" })
        #expect(after.followUp(Example.followUp("gp-visit"))?.withdrawal == .superseded)
        #expect(after.followUp(Example.followUp("liaison-letter"))?.status == .open)
    }

    @Test func anUnknownProtocolIsRefused() {
        Given([Example.admitted]).when(.applyProtocol("none", by: Example.by(Example.nurse))).thenRejected(.unknownProtocol)
    }

    @Test func aMissingHomeReturnBecomesAFollowUp() throws {
        let story = Example.plannedAtHome()
        let limit = try #require(Pathway(folding: story).homeReturnLimit(under: Example.protocols, in: Example.paris))
        #expect(limit == Example.instant("2026-11-18T00:00:00+01:00"))
        let early = Given(story).when(.reconcile(Example.context(at: "2026-11-17T23:59:59+01:00")))
        #expect(!Pathway(folding: story + early.events).followUps.contains { $0.plan.becauseHomeReturnMissing })
        let after = Given(story).when(.reconcile(Example.context(at: "2026-11-18T00:00:00+01:00")))
        let planned = Pathway(folding: story + after.events).followUps.filter(\.plan.becauseHomeReturnMissing)
        #expect(planned.count == 1)
        #expect(planned.first?.plan.recordsHomeReturn == true)
        #expect(planned.first?.assignment?.basis == Assignment.Basis.none)
    }

    @Test func aConfirmedHomeReturnIsNotAskedFor() {
        var story = Example.plannedAtHome()
        let confirmation = HomeReturnConfirmed(
            at: Example.instant("2026-11-16T18:00:00+01:00"),
            by: Example.by(Example.nurse),
            howKnown: .phoneCallFamily
        )
        story += Given(story).when(.confirmHomeReturn(confirmation)).events
        #expect(Pathway(folding: story).status == .atHome)
        story += Given(story).when(.reconcile(Example.context(at: "2026-11-19T00:00:00+01:00"))).events
        #expect(!Pathway(folding: story).followUps.contains { $0.plan.becauseHomeReturnMissing })
    }

    @Test func everyOpenFollowUpHasADeadlineAndAnswerTime() throws {
        let after = Pathway(folding: Example.plannedAtHome())
        for followUp in after.followUps {
            let deadline = try #require(followUp.nextDeadline)
            #expect(deadline.at <= followUp.plan.dueBy)
            #expect(followUp.assignment != nil)
        }
    }
}
