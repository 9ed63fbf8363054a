import Pathways
import Testing
import Timekeeping

@Suite("The city is told of the admission and prepared for the discharge")
struct StayRulesTests {
    private let notice = "plain-home-discharge/gp-admission-notice|1"
    private let preparation = "plain-home-discharge/nurse-preparation|1"
    private let ward = Example.by("99900000007", as: .hospital)

    private func reconciled(_ story: [PathwayEvent], _ now: String) -> [PathwayEvent] {
        story + Given(story).when(.reconcile(Example.context(at: now))).events
    }

    private func status(_ story: [PathwayEvent], _ id: String) -> FollowUp.Status? { Pathway(folding: story).followUp(id)?.status }

    @Test func anAdmissionIsToldToTheGP() throws {
        var story = reconciled([Example.admitted], "2026-11-10T09:05:00+01:00")
        #expect(Pathway(folding: story).followUps.map(\.id) == [notice])
        let plan = try #require(Pathway(folding: story).followUp(notice)?.plan)
        #expect(plan.dueBy == Example.instant("2026-11-11T09:00:00+01:00") && plan.completesOnAcceptance && plan.trigger == .admission)
        Given(story).when(.reconcile(Example.context(at: "2026-11-10T09:06:00+01:00"))).thenNothing()
        let accept = PathwayCommand.accept(followUp: notice, by: Example.by(Example.nurse), at: plan.dueFrom)
        #expect(Given(story).when(accept).events.count == 2)
        story += Given(story).when(accept).events
        #expect(status(story, notice) == .done)
        Given(story).when(accept).thenNothing()
    }

    @Test func nothingIsToldOfAnEmergencyVisitNorOfASession() {
        let emergency = PathwayEvent.emergencyVisitRegistered(
            .init(pathway: Example.reference, movement: Example.movement("1", "2026-11-10T09:00:00+01:00"))
        )
        let session = Movement(
            id: MovementID(authority: "850099995/V0042", value: "1"),
            effectiveAt: Example.instant("2026-11-10T09:00:00+01:00"),
            patientClass: .recurring,
            statement: Example.statement("2026-11-10T09:00:00+01:00")
        )
        for event in [emergency, .patientAdmitted(.init(pathway: Example.reference, movement: session))] {
            Given([event]).when(.reconcile(Example.context(at: "2026-11-10T09:05:00+01:00"))).thenNothing()
        }
    }

    @Test func whoWasMerelyAskedIsToldByWhatFollowsTheDischarge() {
        var story = [Example.admitted]
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-16T14:00:00+01:00"), by: ward)).events
        story = reconciled(story, "2026-11-14T09:00:00+01:00")
        #expect(Pathway(folding: story).followUps.contains { !$0.pendingOffers.isEmpty })
        story.append(Example.discharged(at: "2026-11-14T09:20:00+01:00"))
        let events = Given(story).when(.reconcile(Example.context(at: "2026-11-14T09:30:00+01:00"))).events
        let withdrawals = events.flatMap { event -> [FollowUpsWithdrawn.Withdrawal] in
            if case .followUpsWithdrawn(let body) = event { body.withdrawals } else { [] }
        }
        #expect(!withdrawals.isEmpty)
        for withdrawal in withdrawals { #expect(withdrawal.reason == .discharged && withdrawal.told.isEmpty) }
    }

    @Test func aPlannedDischargePreparesTheCity() throws {
        var story = [Example.admitted]
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-16T14:00:00+01:00"), by: ward)).events
        story = reconciled(story, "2026-11-13T09:00:00+01:00")
        let plan = try #require(Pathway(folding: story).followUp(preparation)?.plan)
        #expect(plan.dueFrom == Example.instant("2026-11-14T00:00:00+01:00"))
        #expect(plan.dueBy == Example.instant("2026-11-16T23:59:59+01:00"))

        // Postponed: the same follow-up, another day; whoever accepted keeps it.
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-18T10:00:00+01:00"), by: ward)).events
        story = reconciled(story, "2026-11-14T09:00:00+01:00")
        #expect(Pathway(folding: story).followUp(preparation)?.plan.dueBy == Example.instant("2026-11-18T23:59:59+01:00"))
        #expect(Pathway(folding: story).followUps.filter { $0.plan.rule.rule == "nurse-preparation" }.count == 1)

        story.append(Example.discharged(at: "2026-11-17T10:00:00+01:00"))
        story = reconciled(story, "2026-11-17T10:05:00+01:00")
        let ended = try #require(Pathway(folding: story).followUp(preparation))
        #expect(ended.status == .withdrawn && ended.withdrawal == .discharged)
        #expect(status(story, notice) == .withdrawn)
        #expect(status(story, Example.followUp("nurse-first-visit")) == .open)

        // The discharge is taken back: it is to be prepared again.
        story += Given(story).when(Example.cancel(.discharge, "2")).events
        story = reconciled(story, "2026-11-17T11:00:00+01:00")
        #expect(status(story, preparation) == .open)
    }

    @Test func whatWasPreparedIsNotPreparedTwice() {
        var story = [Example.admitted]
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-16T14:00:00+01:00"), by: ward)).events
        story = reconciled(story, "2026-11-15T09:00:00+01:00")
        let at = Example.instant("2026-11-15T10:00:00+01:00")
        story += Given(story).when(.accept(followUp: preparation, by: Example.by(Example.nurse), at: at)).events
        story += Given(story).when(.planDischarge(at: Example.instant("2026-11-17T14:00:00+01:00"), by: ward)).events
        story = reconciled(story, "2026-11-15T11:00:00+01:00")
        #expect(status(story, preparation) == .done)
        // A pre-admission that is told late gives the stay another name.
        let early = PathwayCommand.report(
            .movement(.preadmission, Example.movement("0", "2026-11-01T09:00:00+01:00"), nil),
            Example.reference
        )
        story += Given(story).when(early).events
        story = reconciled(story, "2026-11-15T12:00:00+01:00")
        let preparations = Pathway(folding: story).followUps.filter { $0.plan.rule.rule == "nurse-preparation" }
        #expect(preparations.map(\.status) == [.done])
        #expect(status(story, "plain-home-discharge/gp-admission-notice|0") == .open)
        #expect(status(story, notice) == .withdrawn)
    }

    @Test func aDischargeThatIsNotExpectedAnyMoreIsNotPrepared() {
        func announced(_ id: String) -> PathwayCommand {
            let movement = Movement(
                id: MovementID(authority: "850099995/V0042", value: id),
                effectiveAt: Example.instant("2026-11-12T09:00:00+01:00"),
                expectedAt: Example.instant("2026-11-16T14:00:00+01:00"),
                statement: Example.statement("2026-11-12T09:00:00+01:00", "M\(id)")
            )
            return .report(.movement(.dischargeAnnouncement, movement, nil), Example.reference)
        }
        var story = [Example.admitted]
        story += Given(story).when(announced("5")).events
        story = reconciled(story, "2026-11-12T09:01:00+01:00")
        #expect(status(story, preparation) == .open)
        story += Given(story).when(Example.cancel(.dischargeAnnouncement, "5")).events
        story = reconciled(story, "2026-11-12T10:01:00+01:00")
        #expect(Pathway(folding: story).followUp(preparation)?.withdrawal == .dischargeCancelled)
    }

    /// A protocol of the territory may prepare an admission too; in the shipped ones none does.
    @Test func aPlannedAdmissionIsPreparedUntilItTakesPlace() throws {
        var protocols = ProtocolLibrary()
        let plain = try #require(Shipped.text(of: "plain-home-discharge.yaml"))
        let prepared = plain.replacing("trigger: admission\n    window: {from: J0,", with: "trigger: admission-planned\n    window: {from: J0-4h,")
        protocols.publish(try ProtocolFile.parse(yaml: prepared, file: "prepared.yaml"))
        let announced = Movement(
            id: MovementID(authority: "850099995/V0042", value: "1"),
            effectiveAt: Example.instant("2026-11-01T09:00:00+01:00"),
            expectedAt: Example.instant("2026-11-10T09:00:00+01:00"),
            statement: Example.statement("2026-11-01T09:00:00+01:00")
        )
        var story: [PathwayEvent] = [.stayPlanned(.init(pathway: Example.reference, movement: announced))]
        story += Given(story, under: protocols).when(.reconcile(Example.context(at: "2026-11-01T09:05:00+01:00"))).events
        let plan = try #require(Pathway(folding: story).followUp(notice)?.plan)
        #expect(plan.dueFrom == Example.instant("2026-11-10T05:00:00+01:00") && plan.trigger == .admissionPlanned)
        story.append(Example.admission("2", "2026-11-10T09:00:00+01:00"))
        story += Given(story, under: protocols).when(.reconcile(Example.context(at: "2026-11-10T09:05:00+01:00"))).events
        #expect(Pathway(folding: story).followUp(notice)?.withdrawal == .resolved)
    }
}
