import Pathways
import Testing
import Timekeeping

@Suite("A visit follows what the hospital states")
struct VisitTests {
    @Test func anAdmissionOpensThePathway() {
        let when = Given().when(Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"))
        when.then([Example.admitted])
        #expect(Pathway(folding: when.events).status == .admitted)
    }

    @Test func aRepeatedMovementAddsNothing() {
        Given([Example.admitted]).when(Example.report(.admission, "1", "2026-11-10T09:00:00+01:00")).thenNothing()
    }

    @Test func aMovementStatedAgainWithMoreCompletesIt() {
        let unit = Example.movement("1", "2026-11-10T09:00:00+01:00", unit: "CARD")
        let when = Given([Example.admitted]).when(.report(.movement(.admission, unit, nil), Example.reference))
        #expect(Pathway(folding: [Example.admitted] + when.events).stay.unit?.code == "CARD")
    }

    @Test(arguments: [(MovementKind.admission, "2026-11-10T10:00:00+01:00"), (.transfer, "2026-11-10T09:00:00+01:00")])
    func aMovementIdCannotTellAnotherStory(kind: MovementKind, at: String) {
        Given([Example.admitted]).when(Example.report(kind, "1", at)).thenRejected(.movementKeyReused)
    }

    /// An A44 that moves the dossier may still be on its way (I5).
    @Test func aReportThatNamesAnotherPatientWaits() {
        let other = PathwayReference(
            visit: Example.visit,
            patient: LocalIdentifier(authority: "850099995", value: "P9"),
            patientStream: String(repeating: "cd", count: 16)
        )
        let report = VisitReport.movement(.transfer, Example.movement("2", "2026-11-11T09:00:00+01:00"), nil)
        let held = Given([Example.admitted]).when(.report(report, other))
        held.then([.movementHeld(MovementHeld(pathway: other, report: report))])
        let story = [Example.admitted] + held.events
        let waiting = Pathway(folding: story)
        #expect(waiting.holds(report) && waiting.history.held.isEmpty && waiting.claims.count == 1 && waiting.reference == Example.reference)
        Given(story).when(.report(report, other)).thenNothing()
        Given(story).when(.settle([:])).thenNothing()

        let person = Example.reference.patientStream
        let merged = [
            Example.patient: Claimant(patient: Example.reference.owner, person: person),
            other.patient: Claimant(patient: other.owner, person: person),
        ]
        let adopted = Given(story).when(.settle(merged))
        #expect(adopted.events.count == 1)
        let after = Pathway(folding: story + adopted.events)
        #expect(after.claims.isEmpty && after.knows(report.movementID) && after.reference == Example.reference)
        Given(story + adopted.events).when(.settle(merged)).thenNothing()
        // Two persons after all: it is as if nothing had been adopted.
        let parted = Given(story + adopted.events).when(.settle([:]))
        parted.then([.movementHeld(MovementHeld(pathway: other, report: report))])
        #expect(Pathway(folding: story + adopted.events + parted.events) == waiting)
    }

    /// What was said first holds, whatever came first (I5).
    @Test func theEarliestBeginningThatStandsSaysWhoseVisitItIs() {
        let other = PathwayReference(
            visit: Example.visit,
            patient: LocalIdentifier(authority: "850099995", value: "P9"),
            patientStream: String(repeating: "cd", count: 16)
        )
        let earlier = VisitReport.movement(.admission, Example.movement("7", "2026-11-09T09:00:00+01:00"), nil)
        let claimed = [Example.admitted] + Given([Example.admitted]).when(.report(earlier, other)).events
        let settled = claimed + Given(claimed).when(.settle([:])).events
        let given = Pathway(folding: settled)
        #expect(given.reference?.patient == other.patient && given.knows(earlier.movementID))
        #expect(given.claims.map(\.pathway) == [Example.reference])
        Given(settled).when(.settle([:])).thenNothing()

        let taken = VisitReport.cancellation(earlier.movementID, .admission, Example.statement("2026-11-11T09:00:00+01:00", "C7"))
        let cancelled = settled + Given(settled).when(.report(taken, other)).events
        let back = Pathway(folding: cancelled + Given(cancelled).when(.settle([:])).events)
        #expect(back.reference?.patient == Example.patient && back.status == .admitted && back.claims.count == 2)
    }

    @Test func aDossierThatIsMovedMakesItAnothersVisit() {
        let from = PatientLink(identifier: Example.patient, stream: Example.reference.patientStream)
        let to = PatientLink(identifier: LocalIdentifier(authority: "850099995", value: "P9"), stream: String(repeating: "cd", count: 16))
        let event = PathwayReassigned(from: from, to: to, statement: Example.statement("2026-11-12T09:00:00+01:00"))
        Given([Example.admitted]).when(.reassign(event)).then([.pathwayReassigned(event)])
        let after = Pathway(folding: [Example.admitted, .pathwayReassigned(event)])
        #expect(after.reference?.patient == to.identifier && after.reference?.patientStream == to.stream)
        Given([Example.admitted, .pathwayReassigned(event)]).when(.reassign(event)).thenNothing()
    }

    @Test func aDischargeBeforeItsAdmissionWaitsForIt() {
        let held = Given().when(Example.report(.discharge, "2", "2026-11-16T14:00:00+01:00", to: .home))
        #expect(held.events.count == 1)
        #expect(Pathway(folding: held.events).status == nil)

        let released = Given(held.events).when(Example.report(.admission, "1", "2026-11-10T09:00:00+01:00"))
        released.then([Example.admitted, Example.discharged()])
        let after = Pathway(folding: held.events + released.events)
        #expect(after.status == .discharged)
        #expect(after.history.held.isEmpty)
    }

    @Test func aCancellationBeforeItsMovementHolds() {
        let held = Given([Example.admitted]).when(Example.cancel(.discharge, "2"))
        let story = [Example.admitted] + held.events
        let released = Given(story).when(Example.report(.discharge, "2", "2026-11-16T14:00:00+01:00", to: .home))
        #expect(Pathway(folding: story + released.events).status == .admitted)
        Given(story + released.events).when(Example.report(.discharge, "2", "2026-11-16T14:00:00+01:00", to: .home)).thenNothing()
    }

    @Test func aCancelledDischargeMeansStillInHospital() {
        let story = [Example.admitted, Example.discharged()]
        let when = Given(story).when(Example.cancel(.discharge, "2"))
        let after = Pathway(folding: story + when.events)
        #expect(after.status == .admitted)
        #expect(after.stay.dischargedAt == nil)
    }

    @Test func aCancelledAdmissionReturnsToPreadmission() {
        let planned = PathwayEvent.stayPlanned(.init(pathway: Example.reference, movement: Example.movement("0", "2026-11-01T09:00:00+01:00")))
        let story = [planned, Example.admitted]
        let when = Given(story).when(Example.cancel(.admission, "1"))
        #expect(Pathway(folding: story + when.events).status == .preadmitted)
    }

    @Test func aCancelledAdmissionAloneCancelsTheVisit() {
        let when = Given([Example.admitted]).when(Example.cancel(.admission, "1"))
        #expect(Pathway(folding: [Example.admitted] + when.events).status == .cancelled)
    }

    @Test func cancellingTheWrongKindIsRefused() {
        Given([Example.admitted]).when(Example.cancel(.discharge, "1")).thenRejected(.movementKeyReused)
    }

    @Test func aDeathIsDeceased() {
        #expect(Pathway(folding: [Example.admitted, Example.discharged(to: .death)]).status == .deceased)
    }
}
