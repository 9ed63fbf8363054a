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

    @Test func aVisitBelongsToOnePatient() {
        let other = PathwayReference(
            visit: Example.visit,
            patient: LocalIdentifier(authority: "850099995", value: "P9"),
            patientStream: Example.reference.patientStream
        )
        let report = VisitReport.movement(.transfer, Example.movement("2", "2026-11-11T09:00:00+01:00"), nil)
        Given([Example.admitted]).when(.report(report, other)).thenRejected(.visitOfAnotherPatient)
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

    /// PAM France §5.3.7: a visit is folded in the order of the bedside, never of arrival.
    @Test func everyOrderOfArrivalEndsInTheSameStay() {
        let story: [PathwayCommand] = [
            Example.report(.admission, "1", "2026-10-10T18:00:00+02:00"),
            Example.report(.transfer, "2", "2026-10-11T07:30:00+02:00"),
            Example.report(.discharge, "6", "2026-10-15T11:00:00+02:00", to: .home),
            Example.cancel(.discharge, "6"),
            Example.report(.discharge, "7", "2026-10-16T11:00:00+02:00", to: .ehpad),
        ]
        var stays: Set<Stay> = []
        for order in permutations(of: Array(story.indices)) {
            var pathway = Pathway()
            for index in order + order.prefix(2) {
                let events = Given.When(result: Result { () throws(Rejection) in try decide(story[index], given: pathway, under: .init()) }).events
                for event in events { pathway.evolve(with: event) }
            }
            #expect(pathway.history.held.isEmpty)
            stays.insert(pathway.stay)
        }
        #expect(stays.count == 1)
        #expect(stays.first?.mode?.destination == .ehpad)
    }

    private func permutations(of items: [Int]) -> [[Int]] {
        guard let last = items.last else { return [[]] }
        return permutations(of: items.dropLast()).flatMap { rest in
            (0...rest.count).map { index in Array(rest.prefix(index)) + [last] + Array(rest.suffix(from: index)) }
        }
    }
}
