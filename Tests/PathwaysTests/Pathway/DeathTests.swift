import Pathways
import Testing
import Timekeeping

@Suite("A death ends what is pending, and is told once")
struct DeathTests {
    private func context(isDeceased: Bool, told: Set<String> = []) -> PlanningContext {
        let usual = Example.context(at: "2026-11-16T14:02:00+01:00")
        return PlanningContext(
            now: usual.now,
            timeZone: usual.timeZone,
            directoryVersion: 1,
            patientIsDeceased: isDeceased,
            toldOfDeath: told,
            identify: usual.identify,
            assign: usual.assign
        )
    }

    private func withdrawals(_ events: [PathwayEvent]) -> [FollowUpsWithdrawn.Withdrawal] {
        events.flatMap { event -> [FollowUpsWithdrawn.Withdrawal] in
            if case .followUpsWithdrawn(let body) = event { body.withdrawals } else { [] }
        }
    }

    @Test func everyoneConcernedIsToldOnce() {
        let story = Example.plannedAtHome()
        let when = Given(story).when(.reconcile(context(isDeceased: true)))
        let withdrawn = withdrawals(when.events)
        #expect(when.events.count == 1 && withdrawn.count == 4)
        #expect(withdrawn.allSatisfy { $0.reason == .deceased })
        #expect(withdrawn.flatMap(\.told).sorted() == [Example.nurse, Example.otherNurse, Example.unit].sorted())
        Given(story + when.events).when(.reconcile(context(isDeceased: true))).thenNothing()
        #expect(Pathway(folding: story + when.events).toldOfDeath == [Example.nurse, Example.otherNurse, Example.unit])
    }

    @Test func whoWasToldInAnotherPathwayIsNotToldAgain() {
        let when = Given(Example.plannedAtHome()).when(.reconcile(context(isDeceased: true, told: [Example.nurse])))
        #expect(withdrawals(when.events).flatMap(\.told).sorted() == [Example.otherNurse, Example.unit].sorted())
    }

    @Test func aDeathTakenBackRestoresWhatIsWanted() {
        var story = Example.plannedAtHome()
        let wanted = Set(Pathway(folding: story).followUps.map(\.id))
        story += Given(story).when(.reconcile(context(isDeceased: true))).events
        story += Given(story).when(.reconcile(context(isDeceased: false))).events
        let restored = Pathway(folding: story)
        #expect(Set(restored.followUps.filter { $0.status == .open }.map(\.id)) == wanted)
        // A second death is told anew.
        let again = Given(story).when(.reconcile(context(isDeceased: true))).events
        #expect(Set(withdrawals(again).flatMap(\.told)) == [Example.nurse, Example.otherNurse, Example.unit])
    }

    @Test func nothingIsPlannedForTheDead() {
        Given([Example.admitted, Example.discharged()]).when(.reconcile(context(isDeceased: true))).thenNothing()
    }
}
