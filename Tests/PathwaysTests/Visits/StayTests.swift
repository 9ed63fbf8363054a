import Pathways
import Testing
import Timekeeping

@Suite("A stay is what its movements say together")
struct StayTests {
    private let admitted = Story("admitted").insert(.admission, "1", "2026-10-10T18:00:00+02:00", unit: "CARD", in: .inpatient)

    @Test func aLeaveSuspendsAndDoesNotDischarge() {
        let away = admitted.insert(.leave, "2", "2026-10-12T09:00:00+02:00", expecting: "2026-10-13T18:00:00+02:00")
        let stay = away.told.stay
        #expect(stay.status == .onLeave && stay.isInHospital && stay.dischargedAt == nil)
        #expect(stay.returnExpectedAt == Example.instant("2026-10-13T18:00:00+02:00"))
        var planned = away.told
        for event in Given.events(.reconcile(Example.context(at: "2026-10-13T09:00:00+02:00")), away.told) { planned.evolve(with: event) }
        #expect(planned.isOpen && planned.followUps.allSatisfy { !$0.plan.trigger.followsDischarge })

        let back = away.insert(.leaveReturn, "3", "2026-10-13T17:00:00+02:00").told.stay
        #expect(back.status == .admitted && back.returnExpectedAt == nil)
    }

    @Test func aDischargeDuringALeaveEndsIt() {
        let story = admitted.insert(.leave, "2", "2026-10-12T09:00:00+02:00").insert(.discharge, "3", Stories.inTime, to: .home)
        #expect(story.told.status == .discharged)
        #expect(story.told.stay.dischargedAt == Example.instant(Stories.inTime))
    }

    @Test func aReturnWithoutALeaveChangesNothing() {
        #expect(admitted.insert(.leaveReturn, "2", "2026-10-12T09:00:00+02:00").told.stay == admitted.told.stay)
    }

    @Test(arguments: [
        (MovementKind.admission, PatientClass.inpatient, PatientClass.recurring, true),
        (.admission, .inpatient, .emergency, false), (.admission, .inpatient, .outpatient, false), (.admission, .recurring, .outpatient, false),
        (.emergencyVisit, .emergency, .inpatient, true), (.emergencyVisit, .outpatient, .recurring, true),
        (.emergencyVisit, .emergency, .outpatient, false),
    ])
    func aClassChangeMakesAStayOrEndsBeingOne(kind: MovementKind, from: PatientClass, to: PatientClass, isStay: Bool) {
        let began = "2026-10-10T18:00:00+02:00"
        let changed = "2026-10-11T18:00:00+02:00"
        let stay = Story("").insert(kind, "1", began, in: from).insert(.classChange, "2", changed, in: to).told.stay
        #expect(stay.isEmergencyVisit != isStay)
        #expect(stay.patientClass == to)
        #expect(stay.admittedAt == Example.instant(kind == .emergencyVisit && isStay ? changed : began))
        #expect(stay.status == .admitted)
    }

    @Test func aVisitThatEndsBeingAStayWithdrawsWhatWasPlanned() {
        let home = admitted.insert(.discharge, "2", Stories.inTime, to: .home)
        let context = Example.context(at: "2026-10-15T12:00:00+02:00")
        var planned = home.told
        for event in Given.events(.reconcile(context), planned) { planned.evolve(with: event) }
        #expect(planned.followUps.count == 4)
        let changed = home.insert(.classChange, "3", "2026-10-11T18:00:00+02:00", in: .outpatient).reports.last
        if let changed { for event in Given.events(.report(changed, Example.reference), planned) { planned.evolve(with: event) } }
        for event in Given.events(.reconcile(context), planned) { planned.evolve(with: event) }
        #expect(planned.followUps.allSatisfy { $0.status == .withdrawn && $0.withdrawal == .dischargeChanged })
    }

    @Test func hospitalisationAtHomeIsToldByTheChargeType() {
        func charged(_ type: String?, _ kind: MovementKind) -> Stay {
            let movement = Movement(
                id: MovementID(authority: "850099995/V0042", value: "1"),
                effectiveAt: Example.instant("2026-10-10T18:00:00+02:00"),
                patientClass: .inpatient,
                chargeType: type,
                attending: "10000023084",
                statement: Example.statement("2026-10-10T18:00:00+02:00")
            )
            return Story.tell([.movement(kind, movement, nil)]).stay
        }
        #expect(charged("06", .admission).isHAD && charged("06", .admission).attending == "10000023084")
        #expect(!charged("03", .admission).isHAD && !charged(nil, .admission).isHAD && !charged("06", .emergencyVisit).isHAD)
    }

    @Test func anAnnouncedDischargeIsExpectedUntilItIsTakenBackOrTakesPlace() {
        let announced = admitted.insert(.dischargeAnnouncement, "2", "2026-10-12T18:00:00+02:00", unit: "REA", expecting: Stories.inTime)
        #expect(announced.told.plannedDischargeAt == Example.instant(Stories.inTime))
        #expect(announced.told.stay.unit?.code == "CARD" && announced.told.status == .admitted)
        #expect(announced.cancel(.dischargeAnnouncement, "2").told.plannedDischargeAt == nil)
        #expect(announced.insert(.discharge, "3", "2026-10-14T18:00:00+02:00", to: .home).told.plannedDischargeAt == nil)
    }

    /// Whoever spoke last: the ward, or the hospital's system.
    @Test func theWardMayPlanAnotherDayThanTheSystem() throws {
        var pathway = admitted.insert(.dischargeAnnouncement, "2", "2026-10-12T18:00:00+02:00", expecting: Stories.inTime).told
        let ward = Example.instant("2026-10-16T11:00:00+02:00")
        for event in Given.events(.planDischarge(at: ward, by: Example.by(Example.nurse, as: .hospital)), pathway) { pathway.evolve(with: event) }
        #expect(pathway.plannedDischargeAt == ward)
        let again = admitted.insert(.dischargeAnnouncement, "3", "2026-10-13T18:00:00+02:00", expecting: "2026-10-17T11:00:00+02:00")
        let report = try #require(again.reports.last)
        for event in Given.events(.report(report, Example.reference), pathway) { pathway.evolve(with: event) }
        #expect(pathway.plannedDischargeAt == Example.instant("2026-10-17T11:00:00+02:00"))
    }

    @Test func aPlannedAdmissionIsExpectedUntilThePatientIsIn() {
        let planned = Story("").insert(.preadmission, "0", "2026-10-01T09:00:00+02:00", expecting: "2026-10-10T18:00:00+02:00")
        #expect(planned.told.stay.plannedAdmissionAt == Example.instant("2026-10-10T18:00:00+02:00"))
        #expect(planned.insert(.admission, "1", "2026-10-10T18:00:00+02:00").told.stay.plannedAdmissionAt == nil)
    }

    @Test func theDeadAreDeceasedWhereverTheyDied() {
        let home = admitted.insert(.discharge, "2", Stories.inTime, to: .home).told
        #expect(home.status(isDeceased: true) == .deceased && home.status(isDeceased: false) == .discharged)
        #expect(Pathway().status(isDeceased: true) == nil)
        #expect(admitted.cancel(.admission, "1").told.status(isDeceased: true) == .cancelled)
    }

    @Test func aDischargeAfterAPreadmissionWaitsForTheAdmission() {
        let planned = Story("").insert(.preadmission, "1", "2026-10-09T09:00:00+02:00")
        let waiting = planned.insert(.discharge, "3", "2026-10-12T09:00:00+02:00", to: .home).told
        #expect(waiting.stay.status == .preadmitted && waiting.history.held.count == 1)
        let story = planned.insert(.discharge, "3", "2026-10-12T09:00:00+02:00", to: .home).insert(.admission, "2", "2026-10-10T09:00:00+02:00")
        #expect(story.told.stay.status == .discharged && story.told.history.held.isEmpty)
    }

    /// A06 from class N (health-domain §A.4): the patient is in.
    @Test func aChangeOfClassAfterAPreadmissionAdmits() {
        let story = Story("")
            .insert(.preadmission, "1", "2026-10-09T09:00:00+02:00", in: .notApplicable)
            .insert(.classChange, "2", "2026-10-10T09:00:00+02:00", in: .inpatient)
        #expect(story.told.stay.status == .admitted && !story.told.stay.isEmergencyVisit)
        #expect(story.told.stay.admittedAt == Example.instant("2026-10-10T09:00:00+02:00"))
        #expect(story.insert(.discharge, "3", "2026-10-12T09:00:00+02:00", to: .home).told.stay.status == .discharged)
    }

    /// Of a visit that has not begun here: its other pathways hear of it.
    @Test func aDeathThatWaitsIsADeath() {
        let waiting = Story("").insert(.discharge, "2", "2026-10-12T09:00:00+02:00", to: .death)
        #expect(waiting.told.endedInDeath && waiting.told.history.mentionsDeath)
        #expect(!waiting.cancel(.discharge, "2").told.endedInDeath)
    }

    /// Whoever is admitted is the patient; an orphan that named another waits, whichever came first.
    @Test(arguments: [true, false]) func anOrphanDoesNotSayWhoseVisitItIs(_ isOrphanFirst: Bool) throws {
        let story = Story("").insert(.admission, "1", "2026-10-10T09:00:00+02:00").insert(.discharge, "2", "2026-10-12T09:00:00+02:00", to: .home)
        let other = PathwayReference(
            visit: Example.reference.visit,
            patient: LocalIdentifier(authority: "850099995", value: "SOMEBODY-ELSE"),
            patientStream: String(repeating: "0", count: 32)
        )
        let told = Array(zip(story.reports, [Example.reference, other]))
        var pathway = Pathway()
        for (report, reference) in isOrphanFirst ? told.reversed() : told {
            for event in Given.events(.report(report, reference), pathway) { pathway.evolve(with: event) }
            for event in Given.events(.settle([:]), pathway) { pathway.evolve(with: event) }
        }
        #expect(pathway.reference?.patient == Example.reference.patient)
        #expect(pathway.status == .admitted && pathway.history.held.isEmpty)
        #expect(pathway.claims.map(\.pathway.patient) == [other.patient])
    }
}
