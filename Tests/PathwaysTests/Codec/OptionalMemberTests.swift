import Pathways
import Testing

/// Members that were added after an event was released: written when they say something, and read as nothing where they are missing.
@Suite struct OptionalMemberTests {
    private func identified(_ identity: PatientIdentity) -> PatientIdentified {
        PatientIdentified(identity: identity, statement: Example.statement("2026-11-10T09:00:00+01:00"))
    }

    private func text(_ body: some EventBody) -> String { String(decoding: body.payload, as: UTF8.self) }

    @Test(arguments: [nil, true, false] as [Bool?])
    func whatAMessageDoesNotSayIsNotWritten(said: Bool?) throws {
        let event = identified(PatientIdentity(identifier: Example.patient, deceased: said, withdrawsINS: said ?? false, acceptsSMS: said))
        #expect(try PatientIdentified(payload: event.payload) == event)
        #expect(text(event).contains("\"deceased\"") == (said != nil))
        #expect(text(event).contains("\"acceptsSMS\"") == (said != nil))
        #expect(text(event).contains("\"withdrawsINS\"") == (said == true))
    }

    @Test(arguments: [true, false]) func anOfferThatLapsedSaysWhetherWhoWasAskedIsAway(away: Bool) throws {
        let event = OffersLapsed(at: Example.instant("2026-11-16T18:01:00+01:00"), followUp: "f", wave: 1, to: [Example.nurse], away: away)
        #expect(try OffersLapsed(payload: event.payload) == event)
        #expect(text(event).contains("\"away\"") == away)
    }

    @Test(arguments: PatientClass.allCases) func aMovementKeepsItsClass(patientClass: PatientClass) throws {
        let movement = Movement(
            id: MovementID(authority: "850099995/V0042", value: "1"),
            effectiveAt: Example.instant("2026-11-10T09:00:00+01:00"),
            patientClass: patientClass,
            chargeType: "19",
            expectedAt: Example.instant("2026-11-12T09:00:00+01:00"),
            attending: "10000023084",
            statement: Example.statement("2026-11-10T09:00:00+01:00")
        )
        let event = ClassChanged(pathway: Example.reference, movement: movement)
        #expect(try ClassChanged(payload: event.payload) == event)
    }

    @Test(arguments: MovementKind.allCases) func aHeldCorrectionIsReadAsOne(kind: MovementKind) throws {
        let movement = Example.movement("1", "2026-11-10T09:00:00+01:00")
        for report in [
            VisitReport.correction(kind, movement, DischargeMode(destination: .home, siteExitMode: "D1")), .movement(kind, movement, nil),
            .cancellation(movement.id, kind, movement.statement),
        ] {
            let event = MovementHeld(pathway: Example.reference, report: report)
            #expect(try MovementHeld(payload: event.payload) == event)
            #expect(text(event).contains("\"corrects\":true") == (report.isCorrection))
        }
    }
}

extension VisitReport {
    fileprivate var isCorrection: Bool {
        if case .correction = self { true } else { false }
    }
}
