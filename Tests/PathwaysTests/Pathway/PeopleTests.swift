import Pathways
import Testing
import Timekeeping

@Suite("What professionals say of the pathway: signs, prescriptions, PRADO, refusals, closing")
struct PeopleTests {
    private let now = Example.instant("2026-11-17T10:00:00+01:00")
    private let nurse = Example.by(Example.nurse)
    private let referent = Example.by(Example.referent, as: .referent)
    private let visit = Example.followUp("nurse-first-visit")
    private let doctor = Example.followUp("gp-visit")
    private let letter = Example.followUp("liaison-letter")

    private func then(_ story: [PathwayEvent], _ commands: PathwayCommand..., at instant: Instant? = nil) -> [PathwayEvent] {
        let told = commands.reduce(story) { $0 + Given($0).when($1).events }
        return told + Given(told).when(.reconcile(Example.context(instant ?? now))).events
    }

    private func status(_ story: [PathwayEvent], _ id: String) -> FollowUp.Status? { Pathway(folding: story).followUp(id)?.status }

    private func alert(_ id: String, followUp: String? = nil) -> PathwayCommand {
        .reportAlert(AlertSignReported(report: id, at: now, by: nurse, sign: .fever, followUp: followUp, called: []))
    }

    // MARK: - Reports

    @Test(arguments: [DischargeDestination.home, .againstAdvice, .ehpad])
    func anAlertAsksForACallBackWhereverThePatientIs(destination: DischargeDestination) throws {
        let story = then([Example.admitted, Example.discharged(to: destination)], alert("A1"))
        let followUp = try #require(Pathway(folding: story).followUp("plain-home-discharge/alert-call-back|A1"))
        #expect(followUp.plan.priority == .urgent && followUp.plan.dueBy == now.adding(hours: 2))
        #expect(followUp.plan.movement == LocalIdentifier.report("A1"))
        Given(story).when(alert("A1")).thenNothing()
        #expect(then(story, alert("A2")).count > story.count + 1)
        Given(story).when(alert("A3", followUp: "none")).thenRejected(.unknownFollowUp)
    }

    @Test func aMissingPrescriptionIsAskedForUntilItComes() throws {
        let missing = PathwayCommand.reportPrescriptionMissing(PrescriptionMissing(report: "P1", at: now, by: nurse, followUp: visit))
        let id = "plain-home-discharge/missing-prescription|P1"
        let story = then(Example.plannedAtHome(), missing)
        #expect(Pathway(folding: story).followUp(id)?.pendingOffers.map(\.to) == [Example.unit])
        Given(story).when(missing).thenNothing()
        Given(story).when(.obtainPrescription(report: "P2", by: nurse, at: now)).thenRejected(.unknownReport)
        let obtained = then(story, .obtainPrescription(report: "P1", by: nurse, at: now))
        let ended = try #require(Pathway(folding: obtained).followUp(id))
        #expect(ended.withdrawal == .resolved && ended.toldOfWithdrawal == [Example.unit])
        Given(obtained).when(.obtainPrescription(report: "P1", by: nurse, at: now)).thenNothing()
    }

    // MARK: - PRADO

    @Test func pradoBooksWhatRulesWouldBook() {
        let enrolled = then(Example.plannedAtHome(), .enrolInPrado(by: nurse, at: now))
        #expect(Pathway(folding: enrolled).followUp(doctor)?.withdrawal == .prado)
        #expect(status(enrolled, visit) == .open)
        Given(enrolled).when(.enrolInPrado(by: nurse, at: now)).thenNothing()
        let left = then(enrolled, .leavePrado(by: nurse, at: now))
        #expect(status(left, doctor) == .open)
        Given(left).when(.leavePrado(by: nurse, at: now)).thenNothing()
    }

    // MARK: - Refusal

    @Test func oneFollowUpIsRefused() {
        let refuse = PathwayCommand.refuseCare(followUps: [visit], by: nurse, at: now)
        let story = then(Example.plannedAtHome(), refuse)
        #expect(Pathway(folding: story).followUp(visit)?.withdrawal == .refused)
        #expect(status(story, doctor) == .open)
        Given(story).when(refuse).thenNothing()
        Given(story).when(.refuseCare(followUps: ["none"], by: nurse, at: now)).thenRejected(.unknownFollowUp)
        #expect(status(then(story, .takeBackRefusal(by: nurse, at: now)), visit) == .open)
    }

    @Test func allIsRefusedNowAndLater() {
        let story = then(Example.plannedAtHome(), .refuseCare(followUps: [], by: nurse, at: now))
        // The letter is the hospital's own duty.
        #expect(Pathway(folding: story).followUps.filter { $0.id != letter }.allSatisfy { $0.withdrawal == .refused })
        #expect(status(story, letter) == .open)
        Given(story).when(.refuseCare(followUps: [], by: nurse, at: now)).thenNothing()
        let limit = Example.instant("2026-11-18T00:00:00+01:00")
        #expect(Pathway(folding: then(story, at: limit)).followUps.count == 4)
        let sent = then(story, .complete(followUp: letter, by: referent, at: now, outcome: .done, note: nil))
        let closed = then(sent, at: now.adding(days: 30))
        guard case .pathwayClosed(let closing)? = closed.last else {
            Issue.record("is not closed")
            return
        }
        #expect(closing.reason == .refusal && closing.at == now.adding(days: 30) && closing.by == nil)
        Given([Example.admitted]).when(.takeBackRefusal(by: nurse, at: now)).thenNothing()
    }

    /// A sign that is seen after the refusal is answered all the same, and so is a prescription that is missing.
    @Test func whoRefusesAllIsCalledBackAllTheSame() {
        let missing = PathwayCommand.reportPrescriptionMissing(PrescriptionMissing(report: "P1", at: now, by: nurse))
        let refused = then(Example.plannedAtHome(), .refuseCare(followUps: [], by: nurse, at: now))
        let story = then(refused, alert("A1"), missing)
        let callBack = "plain-home-discharge/alert-call-back|A1"
        #expect(status(story, callBack) == .open)
        #expect(status(story, "plain-home-discharge/missing-prescription|P1") == .open)
        #expect(Pathway(folding: story).refuses(visit) && !Pathway(folding: story).refuses(callBack))
        // Unless it is refused by name.
        let named = then(story, .refuseCare(followUps: [callBack, letter], by: nurse, at: now))
        #expect(Pathway(folding: named).followUp(callBack)?.withdrawal == .refused)
        #expect(Pathway(folding: named).followUp(letter)?.withdrawal == .refused)
        #expect(status(named, "plain-home-discharge/missing-prescription|P1") == .open)
        Given(named).when(.refuseCare(followUps: [letter], by: nurse, at: now)).thenNothing()
    }

    // MARK: - Closing

    /// All four are done on the 17th at 10:00, the nurse's visit telling of the home return.
    private var done: [PathwayEvent] {
        Pathway(folding: Example.plannedAtHome()).followUps.reduce(Example.plannedAtHome()) { story, followUp in
            story + Given(story).when(.complete(followUp: followUp.id, by: referent, at: now, outcome: .done, note: nil)).events
        }
    }

    @Test func aPathwayInWhichNothingIsLeftClosesByItself() {
        let end = now.adding(days: 30)
        #expect(
            Pathway(folding: done).nextDeadline(under: Example.protocols, in: Example.paris) == Deadline(at: end, kind: .closing)
        )
        Given(done).when(.reconcile(Example.context(end.adding(milliseconds: -1)))).thenNothing()
        let closing = PathwayEvent.pathwayClosed(PathwayClosed(at: end, reason: .goalReached))
        Given(done).when(.reconcile(Example.context(end.adding(days: 5)))).then([closing])
        let closed = Pathway(folding: done + [closing])
        #expect(closed.status == .closed && !closed.isOpen && closed.homeReturnedAt == now)
        #expect(closed.nextDeadline(under: Example.protocols, in: Example.paris) == nil)
        Given(done + [closing]).when(.reconcile(Example.context(end.adding(days: 6)))).thenNothing()
    }

    @Test func somethingNewOpensItAgain() {
        let closed = then(done, at: now.adding(days: 30))
        #expect(Pathway(folding: closed).status == .closed)
        Given(closed).when(.applyProtocol("heart-failure", by: nurse)).thenRejected(.pathwayClosed)
        let again = then(closed, alert("A1"), at: now.adding(days: 31))
        #expect(again.contains { if case .pathwayReopened(let body) = $0 { body.by == nil } else { false } })
        #expect(Pathway(folding: again).status == .atHome)
        #expect(status(again, "plain-home-discharge/alert-call-back|A1") == .open)
        // The patient is back.
        let readmission = Example.report(.admission, "9", "2026-12-20T09:00:00+01:00")
        #expect(Pathway(folding: then(closed, readmission, at: now.adding(days: 40))).status == .admitted)
    }

    @Test(arguments: [(ClosingReason.refusal, WithdrawalReason.refused), (.followedElsewhere, .followedElsewhere)])
    func theReferentClosesItAndItStaysClosed(reason: ClosingReason, withdrawal: WithdrawalReason) {
        let planned = Example.plannedAtHome()
        let close = PathwayCommand.close(reason, by: referent, at: now)
        let closed = then(planned, close)
        #expect(Pathway(folding: closed).status == .closed)
        #expect(Pathway(folding: closed).followUps.allSatisfy { $0.withdrawal == withdrawal })
        Given(closed).when(close).thenNothing()
        // Neither the clock nor what was known opens it again.
        Given(closed).when(.reconcile(Example.context(now.adding(days: 3)))).thenNothing()
        let again = then(closed, .reopen(by: referent, at: now.adding(days: 60)), at: now.adding(days: 60))
        #expect(status(again, visit) == .open)
        Given(planned).when(.reopen(by: referent, at: now)).thenNothing()
    }

    @Test(arguments: [ClosingReason.goalReached, .timeOut, .deceased, .other]) func whatIsPendingHoldsUpTheClosing(reason: ClosingReason) {
        Given(Example.plannedAtHome()).when(.close(reason, by: referent, at: now)).thenRejected(.stillPending)
        Given(done).when(.close(reason, by: referent, at: now)).then([.pathwayClosed(PathwayClosed(at: now, reason: reason, by: referent))])
    }

    @Test func onlyTheReferentClosesAndOnlyAfterADischarge() {
        Given(done).when(.close(.other, by: nurse, at: now)).thenRejected(.referentOnly)
        Given(done).when(.reopen(by: nurse, at: now)).thenRejected(.referentOnly)
        Given([Example.admitted]).when(.close(.other, by: referent, at: now)).thenRejected(.notDischarged)
    }

    @Test func aPathwayReopenedForNothingClosesAgain() {
        var story = then(done, .close(.other, by: referent, at: now))
        story = then(story, .reopen(by: referent, at: now.adding(days: 60)), at: now.adding(days: 60))
        #expect(Pathway(folding: story).status == .atHome)
        #expect(Pathway(folding: then(story, at: now.adding(days: 90))).status == .closed)
    }

    @Test func anotherTerritoryIsToldWhatStillHolds() {
        let story = then(
            Example.plannedAtHome(),
            .enrolInPrado(by: nurse, at: now),
            alert("A1", followUp: visit),
            .reportPrescriptionMissing(PrescriptionMissing(report: "P1", at: now, by: nurse)),
            .reportPrescriptionMissing(PrescriptionMissing(report: "P2", at: now, by: nurse)),
            .obtainPrescription(report: "P2", by: nurse, at: now)
        )
        let commands = Pathway(folding: story).restated(as: Example.reference, under: Example.protocols)
        let there = commands.reduce([PathwayEvent]()) { $0 + Given($0).when($1).events }
        let pathway = Pathway(folding: there)
        #expect(pathway.prado?.at == now && pathway.alerts.map(\.report) == ["A1"] && pathway.alerts.map(\.followUp) == [nil])
        #expect(pathway.missingPrescriptions.map(\.report) == ["P1"])
    }
}
