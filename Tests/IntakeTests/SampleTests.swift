import Foundation
import HL7v2
import Intake
import Pathways
import Testing

/// Where the official examples are, if this machine has them.
private enum Samples {
    static let folder = ProcessInfo.processInfo.environment["RELAIS_SAMPLES"]
}

/// The official examples, which have no licence and so are read from outside the repository.
@Suite(.enabled(if: Samples.folder != nil, "RELAIS_SAMPLES names the folder that holds hl7/ans-*.er7; it is not set"))
struct SampleTests {
    private func sample(_ name: String) throws -> [UInt8] {
        let folder = try #require(Samples.folder)
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent("hl7").appendingPathComponent(name)))
    }

    @Test func `ans-01 then ans-03, under one control id, are both accepted`() async throws {
        let station = try await Station()
        let first = try await station.send(try sample("ans-01-a01-sgl-admission.er7"))
        #expect(first.code == "AA")
        #expect(first.warnings == ["terminators", "unknown-sender"])
        let third = try await station.send(try sample("ans-03-ConsentementConsultation_NonOppositionAlimentation.er7"))
        #expect(third.code == "AA")
        #expect(third.warnings.contains("control-id-reused"))
        let admissions = try station.all(PatientAdmitted.self)
        #expect(admissions.map(\.movement.id.value) == ["001", "312"])
        #expect(admissions.last?.movement.declared.map(\.rpps) == ["10000023084"])
        let identity = try station.last(PatientIdentified.self).identity
        #expect(identity.ins?.number15 == "279035121518989")
        #expect(identity.address?.city == "PARIS")
        #expect(identity.address?.cog == nil)
    }

    @Test func `ans-03 alone is accepted`() async throws {
        let station = try await Station()
        #expect(try await station.send(try sample("ans-03-ConsentementConsultation_NonOppositionAlimentation.er7")).outcome == .accepted)
    }

    @Test func `ans-02 is refused with its reason`() async throws {
        let station = try await Station()
        let answer = try await station.send(try sample("ans-02-a03-sgl-sortie.er7"))
        #expect(answer.code == "AE")
        #expect(answer.faults == ["101 ZBE-4"])
        #expect(answer.acknowledgement.errors.first?.diagnostic?.contains("shifted") == true)
    }

    @Test func `ans-02 is accepted under a profile that moves ZBE back`() async throws {
        let station = try await Station(profile: "shifts: [{segment: ZBE, field: 3, by: 1}]")
        let text = String(decoding: try sample("ans-02-a03-sgl-sortie.er7"), as: UTF8.self)
        let answer = try await station.send(Array(text.replacing("GAM|CHU-X", with: "SIMHOSP|CHT").utf8))
        #expect(answer.code == "AA")
        #expect(answer.outcome == .orphan)
        #expect(answer.warnings == ["terminators"])
    }

    @Test(arguments: ["spec-pam-fr-03-a47-delete-ins.hl7", "spec-pam-fr-04-a47-downgrade-vali-to-prov.hl7"])
    func `the examples of an INS that is taken back`(_ name: String) async throws {
        let station = try await Station(environment: .production)
        // All of them bear one time and one control id: here the second comes ten minutes later.
        func send(_ name: String, at time: String) async throws -> Station.Answer {
            let text = String(decoding: try sample(name), as: UTF8.self)
                .replacing("Gazelle|PAM_FR", with: "SIMHOSP|CHT").replacing("20210318151910", with: time)
            return try await station.send(Array(text.utf8))
        }
        _ = try await send("spec-pam-fr-01-a31-nia-to-nir.hl7", at: "20210318151910")
        #expect(try station.last(PatientIdentified.self).identity.ins != nil)
        let answer = try await send(name, at: "20210318152910")
        #expect(answer.outcome == .accepted)
        #expect(answer.warnings.isSubset(of: ["terminators"]))
        let identity = try station.last(PatientIdentified.self).identity
        #expect(identity.withdrawsINS)
        #expect(identity.ins == nil)
    }

    @Test func `the example of a NIA that becomes a NIR keeps the NIR`() async throws {
        let station = try await Station(environment: .production)
        let text = String(decoding: try sample("spec-pam-fr-01-a31-nia-to-nir.hl7"), as: UTF8.self)
        let answer = try await station.send(Array(text.replacing("Gazelle|PAM_FR", with: "SIMHOSP|CHT").utf8))
        #expect(answer.code == "AA")
        #expect(answer.warnings.contains("ins-key-invalid"))
        let identity = try station.last(PatientIdentified.self).identity
        #expect(identity.ins?.number15 == "260058815400233")
        #expect(identity.identifier == LocalIdentifier(authority: "350000121", value: "1900068"))
        #expect(identity.birthFamilyName == "DARK")
    }
}
