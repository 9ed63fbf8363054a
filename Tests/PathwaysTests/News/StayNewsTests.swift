import Pathways
import Testing
import Timekeeping

@Suite("Doctor and pharmacist are told of the stay, from the admission on")
struct StayNewsTests {
    private typealias Story = NewsStory

    @Test func ofTheAdmission() throws {
        var story = try Story()
        #expect(try story.happens(Story.admission()) == ["gp admission-notice", "pharmacist admission-notice"])
        // The rule that has the doctor take note of it asks them: the offer wins.
        story = try Story(protocols: true)
        #expect(try story.happens(Story.admission()) == ["pharmacist admission-notice"])
        // Somebody who is away is not asked: they and who stands in are told.
        story = try Story(at: "2026-12-22T09:00:00+01:00", protocols: true)
        let away = [DeclaredProfessional(role: .attendingGP, rpps: Story.absentGP)]
        #expect(try story.happens(Story.admission(away)) == ["absent-gp admission-notice", "gp admission-notice"])
        story = try Story()
        #expect(try story.happens(Story.admission([DeclaredProfessional(role: .attendingGP, rpps: "10000023084")])).isEmpty, "not in the directory")
        story = try Story()
        #expect(try story.happens(Story.admission([DeclaredProfessional(role: .nurse, rpps: Story.nurse)])).isEmpty)
    }

    @Test func ofAnEmergencyVisitOnlyOnceItIsAStay() throws {
        var story = try Story()
        let emergency = Story.movement("1", "2026-11-10T09:00:00+01:00")
        #expect(try story.happens(.emergencyVisitRegistered(.init(pathway: Example.reference, movement: emergency))).isEmpty)
        let stay = Movement(
            id: MovementID(authority: "850099995/V0042", value: "3"),
            effectiveAt: Example.instant("2026-11-10T12:00:00+01:00"),
            patientClass: .inpatient,
            statement: Example.statement("2026-11-10T12:00:00+01:00", "M3")
        )
        let told = try story.happens(.classChanged(.init(pathway: Example.reference, movement: stay)))
        #expect(told == ["gp admission-notice", "pharmacist admission-notice"])
    }

    @Test func whoIsDeclaredLaterIsToldThen() throws {
        var story = try Story([Story.admission([])])
        let transfer = Story.movement("3", "2026-11-11T09:00:00+01:00", declared: [DeclaredProfessional(role: .pharmacist, rpps: Story.pharmacist)])
        let told = try story.happens(.patientTransferred(.init(pathway: Example.reference, movement: transfer)))
        #expect(told == ["pharmacist admission-notice"])
        let again = Story.movement("4", "2026-11-12T09:00:00+01:00", declared: [DeclaredProfessional(role: .pharmacist, rpps: Story.pharmacist)])
        #expect(try story.happens(.patientTransferred(.init(pathway: Example.reference, movement: again))).isEmpty)
    }

    @Test func ofThePlannedDischargeAndOfEveryOtherDay() throws {
        var story = try Story([Story.admission()])
        #expect(
            try story.happens(Story.announcement("1", of: "2026-11-16T14:00:00+01:00")) == ["gp planned-discharge", "pharmacist planned-discharge"]
        )
        #expect(try story.happens(Story.announcement("2", of: "2026-11-16T18:00:00+01:00")).isEmpty, "the same day")
        let ward = DischargePlanned(plannedAt: Example.instant("2026-11-17T10:00:00+01:00"), by: Example.by(Story.unit, as: .hospital))
        let changed = try story.happens(.dischargePlanned(ward))
        #expect(changed == ["gp planned-discharge-changed", "pharmacist planned-discharge-changed"])
    }

    @Test func ofThePlannedDischargeByTheOfferIfThereIsOne() throws {
        var story = try Story([Story.admission()], protocols: true)
        let told = try story.happens(Story.announcement("1", of: "2026-11-16T14:00:00+01:00"))
        #expect(told == ["gp planned-discharge"], "the pharmacist is asked to prepare it")
    }

    /// Who prepared the return has nothing pending any more, and must hear of the other day all the same.
    @Test func whoPreparedTheReturnHearsOfTheOtherDay() throws {
        let by = Example.by(Story.nurse)
        let plan = Story.plan("f1", trigger: .dischargePlanned)
        let done = FollowUpCompleted(followUp: "f1", at: Example.instant("2026-11-12T10:00:00+01:00"), by: by, outcome: .done)
        let first = [Story.admission(), Story.announcement("1", of: "2026-11-16T14:00:00+01:00"), Story.planned(plan)]
        var story = try Story(first + [Story.accepted("f1"), .followUpCompleted(done)])
        let told = try story.happens(Story.announcement("2", of: "2026-11-18T14:00:00+01:00"))
        #expect(told == ["gp planned-discharge-changed", "nurse planned-discharge-changed", "pharmacist planned-discharge-changed"])
        let back = try story.happens(Story.cancellation("A2", .dischargeAnnouncement))
        #expect(back.allSatisfy { $0.hasSuffix("planned-discharge-changed") } && back.count == 3, "the first announcement holds again")
        let gone = try story.happens(Story.cancellation("A1", .dischargeAnnouncement))
        #expect(gone.count == 3 && gone.allSatisfy { $0.hasSuffix("planned-discharge-taken-back") })
    }

    @Test func ofTheDischarge() throws {
        var story = try Story([Story.admission()])
        #expect(try story.happens(Story.discharge()) == ["gp discharge-notice", "pharmacist discharge-notice"])
        story = try Story([Story.admission()], protocols: true)
        #expect(try story.happens(Story.discharge()).isEmpty, "both are asked for what follows")
        story = try Story([Story.admission()], protocols: true)
        let transferred = try story.happens(Story.discharge(to: .transfer))
        #expect(transferred == ["gp discharge-notice", "pharmacist discharge-notice"], "nothing is asked for after a transfer")
    }

    @Test func ofItsCorrectionIfItIsOne() throws {
        var story = try Story([Story.admission(), Story.discharge()])
        #expect(try story.happens(Story.correction("2026-11-16T15:00:00+01:00", to: .home)).isEmpty, "an hour is no news")
        let corrected = try story.happens(Story.correction("2026-11-16T15:00:00+01:00", to: .ehpad))
        #expect(corrected == ["gp discharge-corrected", "pharmacist discharge-corrected"])
    }

    @Test func ofItsCancellationButWhoHasAFollowUpHearsOfThat() throws {
        let story = [Story.admission(), Story.discharge(), Story.planned(Story.plan("f1", role: .attendingGP)), Story.accepted("f1", Story.gp)]
        var cancelled = try Story(story)
        #expect(try cancelled.happens(Story.cancellation("2", .discharge)) == ["pharmacist discharge-cancelled"])
        #expect(try Story.table().presupposed(by: "discharge-cancelled").contains("discharge-notice"))
        var readmitted = try Story(story)
        let again = Story.movement("3", "2026-11-17T09:00:00+01:00")
        let told = try readmitted.happens(.patientAdmitted(.init(pathway: Example.reference, movement: again)))
        #expect(told == ["gp admission-notice", "pharmacist admission-notice"])
    }

    @Test func ofTheCancelledAdmission() throws {
        var story = try Story([Story.admission()])
        let told = try story.happens(Story.cancellation("1", .admission))
        #expect(told == ["gp admission-cancelled", "pharmacist admission-cancelled"])
        #expect(try Story.table().presupposed(by: "admission-cancelled").contains("admission-notice"))
    }

    @Test func ofAnotherPatientAndOfAnotherTerritory() throws {
        let story = [Story.admission(), Story.discharge(), Story.planned(Story.plan("f1"), Story.plan("f2")), Story.accepted("f1")]
        var other = try Story(story + [Story.offers("f2", to: [Story.otherNurse])])
        let link = PatientLink(identifier: LocalIdentifier(authority: "850099995", value: "P0008"), stream: String(repeating: "cd", count: 16))
        let statement = Example.statement("2026-11-17T08:00:00+01:00")
        let reassigned = PathwayReassigned(from: Example.reference.owner, to: link, statement: statement)
        let told = try other.happens(.pathwayReassigned(reassigned))
        #expect(
            told == [
                "gp patient-corrected urgent", "nurse patient-corrected urgent", "other-nurse patient-corrected urgent unnamed",
                "pharmacist patient-corrected urgent",
            ]
        )
        var gone = try Story(story)
        let handedOver = try gone.happens(.pathwayHandedOver(PathwayHandedOver(to: "other", reason: .moved, event: "e")))
        #expect(handedOver == ["gp pathway-handed-over", "pharmacist pathway-handed-over", "referent pathway-handed-over"])
        var come = try Story()
        let takenOver = PathwayTakenOver(pathway: Example.reference, from: "other", position: 1, event: "e", number: 1)
        #expect(try come.happens(.pathwayTakenOver(takenOver)) == ["referent pathway-taken-over"])
    }
}
