import Foundation
import Pathways
import Testing

@Suite("A patient is what was stated last, whatever came last")
struct PatientTests {
    private func stated(_ at: String, name: String? = nil, phone: String? = nil) -> PatientIdentified {
        PatientIdentified(
            identity: PatientIdentity(identifier: Example.patient, birthFamilyName: name, phone: phone),
            statement: Example.statement(at, at)
        )
    }

    @Test func aLaterStatementWinsInAnyOrderOfArrival() {
        let early = stated("2026-11-10T09:00:00+01:00", name: "DURAND", phone: "0251000001")
        let late = stated("2026-11-12T09:00:00+01:00", name: "DUPONT")
        let forward = Patient(folding: [early, late])
        let backward = Patient(folding: [late, early])
        #expect(forward.identity == backward.identity)
        #expect(forward.identity?.birthFamilyName == "DUPONT")
        #expect(forward.identity?.phone == "0251000001")
    }

    @Test func whatWasSaidSinceIsNotRecorded() {
        let first = stated("2026-11-10T09:00:00+01:00", name: "DURAND")
        let patient = Patient(folding: [first])
        #expect(patient.decide(first) == nil)
        #expect(patient.decide(stated("2026-11-09T09:00:00+01:00", name: "AVANT")) == nil)
        #expect(patient.decide(stated("2026-11-09T09:00:00+01:00", name: "AVANT", phone: "0251000001")) != nil)
        #expect(patient.decide(stated("2026-11-11T09:00:00+01:00", name: "DUPONT")) != nil)
    }

    /// A, then B, then A again: that A was said again counts against a B that comes late.
    @Test func whatIsSaidAgainIsRecorded() throws {
        let story = [("2026-11-10", "A"), ("2026-11-11", "B"), ("2026-11-12", "A")].map { stated("\($0.0)T09:00:00+01:00", name: $0.1) }
        var patient = Patient()
        for index in [0, 2, 1] { if let event = patient.decide(story[index]) { patient.evolve(with: event) } }
        #expect(patient.identity?.birthFamilyName == "A")
    }

    /// A patient who comes every other day is remembered by a few statements all the same.
    @Test func statementsThatCountNoMoreAreForgotten() {
        let days = (0..<400).map { day in
            PatientIdentified(
                identity: PatientIdentity(identifier: Example.patient, birthFamilyName: "N\(day)", phone: day == 7 ? "0251000001" : nil),
                statement: Example.statement("2026-01-01T09:00:00+01:00", String(format: "%04d", day))
            )
        }
        let patient = Patient(folding: days.shuffled())
        #expect(patient.statements.count == 2)
        #expect(patient.identity?.birthFamilyName == "N399" && patient.identity?.phone == "0251000001")
    }

    @Test func aDeathHoldsUntilTheHospitalTakesItBack() {
        func said(_ day: String, _ deceased: Bool?) -> PatientIdentified {
            PatientIdentified(identity: PatientIdentity(identifier: Example.patient, deceased: deceased), statement: Example.statement(day, day))
        }
        let death = said("2026-11-10T09:00:00+01:00", true)
        #expect(Patient(folding: [said("2026-11-11T09:00:00+01:00", nil), death]).death?.isDeceased == true)
        let back = Patient(folding: [said("2026-11-12T09:00:00+01:00", false), death])
        #expect(back.death?.isDeceased == false && back.wasStatedDeceased)
    }

    @Test func anotherLogIsToldAllThatIsKnown() {
        let early = stated("2026-11-10T09:00:00+01:00", name: "DURAND", phone: "0251000001")
        let late = stated("2026-11-12T09:00:00+01:00", name: "DUPONT")
        let patient = Patient(folding: [late, early])
        #expect(patient.statements == [early, late])
        #expect(Patient(folding: patient.statements) == patient)
    }
}
