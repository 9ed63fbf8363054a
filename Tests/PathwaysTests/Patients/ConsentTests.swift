import Pathways
import Testing
import Timekeeping

@Suite("The basis of sharing is recorded and withdrawn")
struct ConsentTests {
    private let at = Example.instant("2026-11-10T10:00:00+01:00")
    private let by = Example.by(Example.nurse)

    private var known: Patient {
        Patient(folding: [
            PatientIdentified(identity: PatientIdentity(identifier: Example.patient), statement: Example.statement("2026-11-10T09:00:00+01:00"))
        ])
    }

    private func recorded(_ basis: SharingBasis, notice: String? = nil) -> PatientEvent {
        .consentRecorded(ConsentRecorded(basis: basis, statedAt: at, by: by, noticeVersion: notice))
    }

    @Test(arguments: SharingBasis.allCases) func eachBasisIsKeptOnce(basis: SharingBasis) throws {
        var patient = known
        let event = try #require(try patient.decide(recorded(basis)))
        patient.evolve(with: event)
        #expect(patient.consents.map(\.basis) == [basis])
        #expect(try patient.decide(recorded(basis)) == nil)
        // Informed anew, with another notice.
        patient.evolve(with: try #require(try patient.decide(recorded(basis, notice: "2026-03"))))
        #expect(patient.consents.map(\.noticeVersion) == ["2026-03"])
        let withdrawn = PatientEvent.consentWithdrawn(ConsentWithdrawn(basis: basis, statedAt: at, by: by))
        patient.evolve(with: try #require(try patient.decide(withdrawn)))
        #expect(patient.consents.isEmpty)
        #expect(try patient.decide(withdrawn) == nil)
    }

    @Test func nothingIsRecordedOfAnUnknownPatient() {
        #expect(throws: Rejection.self) { try Patient().decide(recorded(.consentShare)) }
    }
}
