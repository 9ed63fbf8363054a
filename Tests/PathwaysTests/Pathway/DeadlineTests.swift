import Pathways
import Testing
import Timekeeping

@Suite("Each deadline that passed becomes an event, once, in order")
struct DeadlineTests {
    private let visit = Example.followUp("nurse-first-visit")
    private let due = Example.instant("2026-11-18T14:00:00+01:00")

    /// Nobody to ask: only the clock acts.
    private func context(_ now: Instant) -> PlanningContext { Example.context(now, asking: []) }

    private var planned: [PathwayEvent] {
        let before = [Example.admitted, Example.discharged()]
        return before + Given(before).when(.reconcile(context(Example.instant("2026-11-16T14:01:00+01:00")))).events
    }

    private func escalations(_ events: [PathwayEvent], of id: String) -> [FollowUpEscalated] {
        events.compactMap { if case .followUpEscalated(let body) = $0, body.followUp == id { body } else { nil } }
    }

    /// The owner when it is due, the référent-parcours a day later, and again after a day, three days, a week, then each week.
    @Test func theOwnerThenTheReferentThenTheReferentAgainLessAndLessOften() {
        var story = planned
        story += Given(story).when(.accept(followUp: visit, by: Example.by(Example.referent, as: .referent), at: due)).events
        let after = Given(story).when(.reconcile(context(due.adding(days: 23)))).events
        let told = escalations(after, of: visit)
        #expect(told.map(\.at) == [0, 1, 2, 4, 8, 15, 22].map { due.adding(days: $0) })
        #expect(told.map(\.step) == [0, 1, 2, 3, 4, 5, 6])
        #expect(told.allSatisfy { $0.reason == .overdue && $0.to == [Example.referent] })
        Given(story + after).when(.reconcile(context(due.adding(days: 23)))).thenNothing()
        #expect(Pathway(folding: story + after).followUp(visit)?.nextDeadline?.at == due.adding(days: 29))
    }

    @Test func theOwnerIsWhoeverAccepted() {
        let before = [Example.admitted, Example.discharged()]
        var story = before + Given(before).when(.reconcile(Example.context(at: "2026-11-16T14:01:00+01:00"))).events
        story += Given(story).when(.accept(followUp: visit, by: Example.by(Example.nurse), at: due.adding(hours: -1))).events
        let told = escalations(Given(story).when(.reconcile(Example.context(due.adding(days: 1)))).events, of: visit)
        #expect(told.map(\.to) == [[Example.nurse], [Example.referent]])
        #expect(Pathway(folding: story).followUp(visit)?.owner == .professional(Example.nurse))
    }

    @Test func whatIsDueSoonIsSaidBefore() throws {
        var story = planned
        let seen = Example.instant("2026-11-17T10:00:00+01:00")
        let missing = PrescriptionMissing(report: "P1", at: seen, by: Example.by(Example.nurse))
        story += Given(story).when(.reportPrescriptionMissing(missing)).events
        story += Given(story).when(.reconcile(context(seen))).events
        let id = "plain-home-discharge/missing-prescription|P1"
        let told = escalations(Given(story).when(.reconcile(context(seen.adding(hours: 4)))).events, of: id)
        #expect(told.map(\.reason) == [.dueSoon, .overdue])
        #expect(told.map(\.to) == [[Example.unit], [Example.referent]])
        #expect(told.map(\.at) == [seen.adding(hours: 3), seen.adding(hours: 4)])
    }

    @Test func anOutageOfTwoDaysLosesNothingAndInventsNothing() {
        let end = due.adding(hours: 48)
        let inOneGo = planned + Given(planned).when(.reconcile(context(end))).events
        var oneByOne = planned
        var handled: Instant?
        while let next = Pathway(folding: oneByOne).nextDeadline(under: Example.protocols, in: Example.paris, after: handled), next.at <= end {
            oneByOne += Given(oneByOne).when(.reconcile(context(next.at))).events
            handled = next.at
        }
        #expect(Pathway(folding: inOneGo).followUps.map(\.facts) == Pathway(folding: oneByOne).followUps.map(\.facts))
        // What is planned late is told once: only the missing home return is.
        for followUp in Pathway(folding: oneByOne).followUps where !followUp.plan.becauseHomeReturnMissing {
            #expect(escalations(inOneGo, of: followUp.id) == escalations(oneByOne, of: followUp.id), "\(followUp.id)")
        }
    }

    @Test func whatIsPlannedLateIsToldOnce() {
        let before = [Example.admitted, Example.discharged()]
        let later = due.adding(days: 40).adding(hours: 2)
        let events = Given(before).when(.reconcile(context(later))).events
        let told = escalations(events, of: visit)
        #expect(told.map(\.at) == [due.adding(days: 36)] && told.map(\.step) == [8])
        Given(before + events).when(.reconcile(context(later))).thenNothing()
    }

    @Test func aCorrectedDischargeIsEscalatedAtItsNewTime() throws {
        var story = planned
        story += Given(story).when(.reconcile(context(due.adding(hours: 1)))).events
        #expect(Pathway(folding: story).followUp(visit)?.escalations == 1)
        let later = Movement(
            id: MovementID(authority: "850099995/V0042", value: "2"),
            effectiveAt: Example.instant("2026-11-17T14:00:00+01:00"),
            statement: Example.statement("2026-11-18T15:00:00+01:00", "Z1")
        )
        story += Given(story).when(.report(.correction(.discharge, later, DischargeMode(destination: .home)), Example.reference)).events
        story += Given(story).when(.reconcile(context(due.adding(hours: 2)))).events
        let followUp = try #require(Pathway(folding: story).followUp(visit))
        #expect(followUp.escalations == 0)
        #expect(followUp.nextDeadline == Deadline(at: due.adding(days: 1), kind: .escalation(followUp: visit, step: 0)))
    }

    /// J0+7d ends at 23:59:59 of the local day, whatever the clocks did meanwhile; J0+48h is elapsed time; a day of escalation too.
    @Test(arguments: [
        ("2026-03-27T14:00:00+01:00", "2026-03-29T15:00:00+02:00", "2026-04-03T23:59:59+02:00"),
        ("2026-10-23T14:00:00+02:00", "2026-10-25T13:00:00+01:00", "2026-10-30T23:59:59+01:00"),
    ])
    func bothChangesOfTheClocks(discharge: String, nurse: String, doctor: String) {
        let before = [Example.admission("1", discharge), Example.discharged("2", at: discharge)]
        let planned = Example.instant(discharge).adding(minutes: 1)
        let story = before + Given(before).when(.reconcile(context(planned))).events
        let late = Given(story).when(.reconcile(context(planned.adding(days: 9)))).events
        let gp = Example.followUp("gp-visit")
        #expect(escalations(late, of: visit).first?.at == Example.instant(nurse))
        #expect(escalations(late, of: gp).map(\.at) == [Example.instant(doctor), Example.instant(doctor).adding(days: 1)])
    }

    @Test func aHomeReturnAwaitedIsADeadlineUntilItIsAsked() throws {
        let limit = Example.instant("2026-11-18T00:00:00+01:00")
        var story = planned
        func next(_ after: Instant? = nil) -> [Deadline.Kind] {
            var kinds: [Deadline.Kind] = []
            if let next = Pathway(folding: story).nextDeadline(under: Example.protocols, in: Example.paris, after: after), next.at == limit {
                kinds.append(next.kind)
            }
            return kinds
        }
        story += Given(story).when(.reconcile(context(limit.adding(milliseconds: -1)))).events
        #expect(next() == [.homeReturn])
        // The dead are not asked for: the clock has done its work.
        let dead = Given(story).when(.reconcile(Example.context(limit, isDeceased: true))).events
        #expect(Pathway(folding: story + dead).followUps.allSatisfy { !$0.status.isPending })
        story += Given(story).when(.reconcile(context(limit))).events
        #expect(next() == [])
        #expect(Pathway(folding: story).followUps.contains { $0.plan.becauseHomeReturnMissing })
    }
}

extension FollowUp {
    /// What must not depend on when somebody looked: all but whom the planner asked, who can only be asked when it looks.
    struct Facts: Hashable {
        let id: String
        let status: Status
        let acceptedBy: String?
        let escalations: Int
        let dueBy: Instant
        let withdrawal: WithdrawalReason?
        let next: Deadline?
    }

    var facts: Facts {
        Facts(
            id: id,
            status: status,
            acceptedBy: acceptedBy,
            escalations: escalations,
            dueBy: plan.dueBy,
            withdrawal: withdrawal,
            next: nextDeadline
        )
    }
}
