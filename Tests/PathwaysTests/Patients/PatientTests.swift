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

    @Test func aStatementThatAddsNothingIsNotRecorded() {
        let first = stated("2026-11-10T09:00:00+01:00", name: "DURAND")
        let patient = Patient(folding: [first])
        #expect(patient.decide(stated("2026-11-11T09:00:00+01:00", name: "DURAND")) == nil)
        #expect(patient.decide(stated("2026-11-11T09:00:00+01:00", name: "DUPONT")) != nil)
        #expect(patient.decide(stated("2026-11-09T09:00:00+01:00", name: "AVANT")) == nil)
    }

    @Test func anotherLogIsToldAllThatIsKnown() {
        let early = stated("2026-11-10T09:00:00+01:00", name: "DURAND", phone: "0251000001")
        let late = stated("2026-11-12T09:00:00+01:00", name: "DUPONT")
        let patient = Patient(folding: [late, early])
        #expect(patient.statements == [early, late])
        #expect(Patient(folding: patient.statements) == patient)
    }
}
