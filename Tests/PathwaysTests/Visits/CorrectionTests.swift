import Pathways
import Testing
import Timekeeping

@Suite("Z99 corrects a movement, and nothing else does")
struct CorrectionTests {
    private let admitted = Story("").insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD", in: .inpatient)

    @Test func whatItDoesNotSayStays() throws {
        let stay = admitted.correct(.admission, "1", "2026-10-10T17:00:00+02:00").told.stay
        #expect(stay.admittedAt == Example.instant("2026-10-10T17:00:00+02:00"))
        #expect(stay.unit?.code == "CARD" && stay.patientClass == .inpatient)
    }

    @Test func itIsAnEventOfItsOwn() throws {
        let report = try #require(admitted.correct(.admission, "1", "2026-10-10T17:00:00+02:00").reports.last)
        guard case .correction(_, let movement, _) = report else { return }
        let before = admitted.told
        let expected = PathwayEvent.movementCorrected(.init(pathway: Example.reference, kind: .admission, movement: movement))
        #expect(Given.events(.report(report, Example.reference), before) == [expected])
    }

    @Test func ofAnUnknownMovementItWaitsAndIsReleasedWithIt() throws {
        let story = admitted.correct(.transfer, "2", "2026-10-11T19:00:00+02:00", unit: "REA").insert(.transfer, "2", "2026-10-11T18:00:00+02:00")
        let waiting = story.prefix(2).told
        #expect(waiting.history.held.count == 1 && waiting.stay.unit?.code == "CARD")
        let transfer = try #require(story.reports.last)
        let events = Given.events(.report(transfer, Example.reference), waiting)
        #expect(events.count == 2)
        let after = story.told
        #expect(after.history.held.isEmpty)
        // The insertion was made after the correction: its time counts, and the unit that it does not say stays.
        #expect(after.stay.unit?.code == "REA")
        #expect(after.history.movements.last?.movement.effectiveAt == Example.instant("2026-10-11T18:00:00+02:00"))
    }

    /// A code counts for no less than what a message without it reads as; one of the same kind corrects it.
    @Test(arguments: [
        (DischargeMode(destination: .death, exitMode: "9"), DischargeMode(destination: .home, disposition: "3"), DischargeDestination.death),
        (DischargeMode(destination: .smr, exitMode: "7", exitDestination: "2"), DischargeMode(destination: .home, exitMode: "8"), .smr),
        (DischargeMode(destination: .death, exitMode: "9"), DischargeMode(destination: .home, exitMode: "8"), .home),
        (DischargeMode(destination: .home, disposition: "3"), DischargeMode(destination: .ehpad, exitMode: "8", exitDestination: "7"), .ehpad),
    ]) func aWeakerWordTakesNoStrongerOneBack(_ first: DischargeMode, _ then: DischargeMode, _ expected: DischargeDestination) throws {
        let discharged = admitted.insert(.discharge, "2", "2026-10-12T10:00:00+02:00", mode: first)
        let story = discharged.correct(.discharge, "2", "2026-10-12T10:00:00+02:00", mode: then)
        #expect(story.told.stay.mode?.destination == expected)
        #expect(Story.tell(story.reports.reversed()).stay.mode?.destination == expected)
    }

    @Test func aCorrectionMeansTheKindThatItNames() throws {
        let discharged = admitted.insert(.discharge, "2", "2026-10-12T10:00:00+02:00", to: .home)
        let other = discharged.correct(.admission, "2", "2026-10-12T10:00:00+02:00")
        #expect(other.told.stay == discharged.told.stay)
    }

    /// A message without ZFM reads as « home »: it corrects the unit, and does not send an EHPAD's resident home.
    @Test(arguments: [true, false]) func aCorrectionWithoutCodesLeavesTheDestination(_ isInOrder: Bool) {
        let story =
            admitted
            .insert(.discharge, "2", "2026-10-12T10:00:00+02:00", unit: "CARD", to: .ehpad)
            .correct(.discharge, "2", "2026-10-12T11:00:00+02:00", unit: "MED", mode: DischargeMode(destination: .home))
        let stay = Story.tell(isInOrder ? story.reports : story.reports.reversed()).stay
        #expect(stay.mode?.destination == .ehpad && stay.unit?.code == "MED")
        #expect(stay.dischargedAt == Example.instant("2026-10-12T11:00:00+02:00"))
    }

    @Test func anInsertionCannotCorrect() throws {
        for other in [
            admitted.insert(.admission, "1", "2026-10-10T19:00:00+02:00"), admitted.insert(.transfer, "1", "2026-10-10T18:00:00+02:00"),
        ] {
            let report = try #require(other.reports.last)
            Given(Self.events(admitted)).when(.report(report, Example.reference)).thenRejected(.movementKeyReused)
        }
    }

    @Test func anInsertionAsItWasFirstIsNoContradictionOfACorrection() throws {
        let corrected = admitted.correct(.admission, "1", "2026-10-10T17:00:00+02:00")
        let again = try #require(corrected.insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "MEDE").reports.last)
        #expect(Given(Self.events(corrected)).when(.report(again, Example.reference)).events.count == 1)
    }

    @Test func twoOrphansOfOneNumberCannotTellTwoStories() throws {
        let held = Story("").insert(.transfer, "2", "2026-10-11T18:00:00+02:00")
        let other = try #require(held.insert(.transfer, "2", "2026-10-11T19:00:00+02:00").reports.last)
        Given(Self.events(held)).when(.report(other, Example.reference)).thenRejected(.movementKeyReused)
        // A site that says « update by re-insert » has it read as a correction.
        let update = try #require(held.correct(.transfer, "2", "2026-10-11T19:00:00+02:00").reports.last)
        #expect(Given(Self.events(held)).when(.report(update, Example.reference)).events.count == 1)
    }

    /// A cancellation of another kind than its movement goes on waiting, and holds up no other.
    @Test func anOrphanThatContradictsItsParentHoldsUpNoOther() throws {
        let story = Story("").cancel(.transfer, "1").cancel(.discharge, "2").insert(.discharge, "2", Stories.inTime)
            .insert(.admission, "1", "2026-10-10T18:00:00+02:00")
        let told = story.told
        #expect(told.history.held.count == 1 && told.status == .admitted)
        #expect(told.history.movements.last?.isCancelled == true)
    }

    @Test func theFirstOfSeveralCancellationsIsKept() {
        let once = admitted.cancel(.admission, "1")
        let twice = once.cancel(.admission, "1")
        let backwards = Story.tell([twice.reports[2], twice.reports[1], twice.reports[0]])
        #expect(backwards.history == once.told.history && backwards.history == twice.told.history)
        #expect(backwards.status == .cancelled)
    }

    @Test func aLaterTimeOfDischargeMovesWhatIsDue() throws {
        let home = admitted.insert(.discharge, "2", "2026-10-15T11:00:00+02:00", to: .home)
        let context = Example.context(at: "2026-10-15T12:00:00+02:00")
        var pathway = home.told
        for event in Given.events(.reconcile(context), pathway) { pathway.evolve(with: event) }
        let id = Example.followUp("nurse-first-visit")
        let before = try #require(pathway.followUp(id))
        let accept = PathwayCommand.accept(followUp: id, by: Example.by(Example.nurse), at: context.now)
        for event in Given.events(accept, pathway) { pathway.evolve(with: event) }

        let correction = try #require(home.correct(.discharge, "2", "2026-10-17T11:00:00+02:00").reports.last)
        for event in Given.events(.report(correction, Example.reference), pathway) { pathway.evolve(with: event) }
        let replanned = Given.events(.reconcile(context), pathway)
        #expect(replanned.count == 1)
        for event in replanned { pathway.evolve(with: event) }
        let after = try #require(pathway.followUp(id))
        #expect(after.status == .accepted && after.acceptedBy == Example.nurse)
        #expect(after.plan.dueBy > before.plan.dueBy && after.plan.movement == before.plan.movement)
        #expect(Given.events(.reconcile(context), pathway).isEmpty)
    }

    private static func events(_ story: Story) -> [PathwayEvent] {
        var pathway = Pathway()
        return story.reports.flatMap { report in
            let events = Given.events(.report(report, Example.reference), pathway)
            for event in events { pathway.evolve(with: event) }
            return events
        }
    }
}
