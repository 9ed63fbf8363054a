import Coordination
import EventStore
import Pathways
import Testing
import Timekeeping

@testable import Web

@Suite struct PathwayStepAPITests {
    private func state(_ house: House, _ pathway: StreamID) throws -> Pathway { try house.coordinator.loader.pathway(pathway).state }

    @Test func anAlertSignIsReportedOnceAndAskedFor() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "pathways/\(pathway.hex)/alerts"
        let body = #"{"sign":"breathlessness","at":"2026-11-22T08:55:00+01:00","called":["sas"],"note":"Essoufflée au repos"}"#
        let first = try await house.write(path, body, by: TestTerritory.gp, key: "a")
        #expect(first.status == 200, "\(first.text)")
        #expect(try await house.write(path, body, by: TestTerritory.gp, key: "a").bytes == first.bytes)
        let report = try first.string("report")
        try await house.settle(pathway)
        let pathwayState = try state(house, pathway)
        #expect(pathwayState.alerts.map(\.report) == [report])
        #expect(pathwayState.followUps.contains { $0.plan.trigger == .alertSign && $0.status.isPending })
    }

    @Test(
        arguments: [
            ("{}", 400, "malformed-body"), (#"{"sign":"tired"}"#, 400, "malformed-body"),
            (#"{"sign":"fever","called":["me"]}"#, 422, "invalid-member"), (#"{"sign":"fever","note":" "}"#, 422, "invalid-member"),
            (#"{"sign":"fever","at":"2026-11-22T10:00:00+01:00"}"#, 422, "invalid-member"),
            (#"{"sign":"fever","followUp":"none"}"#, 404, "unknown-follow-up"),
        ]
    )
    func whatIsWrongWithAnAlertIsSaid(body: String, status: Int, code: String) async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        try await house.write("pathways/\(pathway.hex)/alerts", body, by: TestTerritory.gp).expectProblem(status, code)
        #expect(try state(house, pathway).alerts.isEmpty)
    }

    @Test func aMissingPrescriptionIsAskedForUntilItComes() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "pathways/\(pathway.hex)/prescriptions"
        let report = try await house.write("\(path)/missing", by: TestTerritory.gp, key: "m").string("report")
        try await house.settle(pathway)
        let asked = try #require(try state(house, pathway).followUps.first { $0.plan.trigger == .prescriptionMissing })
        #expect(asked.status.isPending)
        try await house.write("\(path)/none/obtained", by: TestTerritory.gp, key: "n").expectProblem(404, "unknown-report")
        #expect(try await house.write("\(path)/\(report)/obtained", by: TestTerritory.gp, key: "o").status == 200)
        try await house.settle(pathway)
        #expect(try state(house, pathway).followUp(asked.id)?.withdrawal == .resolved)
    }

    @Test func pradoBooksForTheCity() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "pathways/\(pathway.hex)/prado"
        #expect(try await house.write(path, by: TestTerritory.cardiology, key: "p").status == 200)
        try await house.settle(pathway)
        #expect(try state(house, pathway).followUps.contains { $0.withdrawal == .prado })
        #expect(try await house.write("\(path)/left", by: TestTerritory.cardiology, key: "l").status == 200)
        #expect(try state(house, pathway).prado == nil)
    }

    @Test func whatIsRefusedIsWithdrawnUntilItIsTakenBack() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let nurse = try house.followUp(.nurse, of: pathway)
        let path = "pathways/\(pathway.hex)/refusals"
        try await house.write(path, #"{"followUps":[]}"#, by: TestTerritory.gp, key: "0").expectProblem(422, "invalid-member")
        #expect(try await house.write(path, #"{"followUps":["\#(nurse)"]}"#, by: TestTerritory.gp, key: "1").status == 200)
        try await house.settle(pathway)
        #expect(try state(house, pathway).followUp(nurse)?.withdrawal == .refused)
        #expect(try state(house, pathway).followUps.contains { $0.status.isPending }, "the others go on")
        #expect(try await house.write("\(path)/taken-back", by: TestTerritory.gp, key: "2").status == 200)
        #expect(try state(house, pathway).refusals.isEmpty)
    }

    @Test func theReferentClosesAndReopens() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "pathways/\(pathway.hex)"
        let done = #"{"reason":"goalReached"}"#
        try await house.write("\(path)/close", done, by: TestTerritory.gp, key: "a").expectProblem(403, "referent-only")
        try await house.write("\(path)/close", done, by: TestTerritory.referent, key: "b").expectProblem(409, "still-pending")
        #expect(try await house.write("\(path)/close", #"{"reason":"refusal"}"#, by: TestTerritory.referent, key: "c").status == 200)
        #expect(try state(house, pathway).status == .closed)
        let protocols = try await house.write("\(path)/protocols", #"{"protocol":"heart-failure"}"#, key: "d")
        try protocols.expectProblem(409, "pathway-closed")
        try await house.write("\(path)/reopen", by: TestTerritory.gp, key: "e").expectProblem(403, "referent-only")
        #expect(try await house.write("\(path)/reopen", by: TestTerritory.referent, key: "f").status == 200)
        #expect(try state(house, pathway).closed == nil)
    }

    @Test(
        arguments: [
            "alerts", "prescriptions/missing", "prescriptions/x/obtained", "prado", "prado/left", "refusals", "refusals/taken-back", "close",
            "reopen",
        ]
    )
    func unknownPathwaysKeysAndActors(step: String) async throws {
        let house = try await House()
        let body = #"{"sign":"fever","reason":"other"}"#
        let path = "pathways/0f0e0d0c0b0a09080706050403020100/\(step)"
        try await house.write(path, body, by: TestTerritory.referent).expectProblem(404, "unknown-pathway")
        try await house.write("pathways/none/\(step)", body, by: TestTerritory.referent).expectProblem(404, "unknown-pathway")
        try await house.write(path, body, by: TestTerritory.referent, key: nil).expectProblem(400, "idempotency-key-missing")
        try await house.write(path, body, by: nil).expectProblem(401, "actor-missing")
        try await house.write(path, body, by: TestTerritory.stranger).expectProblem(403, "actor-unknown")
    }

    @Test func consentIsRecordedAndWithdrawn() async throws {
        let house = try await House()
        try await house.discharged()
        let patient = #""patient":{"authority":"CHLVO","value":"P1"}"#
        let stream = house.coordinator.streams.patient(LocalIdentifier(authority: "CHLVO", value: "P1"))
        let given = "{\(patient),\"basis\":\"consent-share\",\"notice\":\"2026-01\"}"
        #expect(try await house.write("patients/consents", given, by: TestTerritory.gp, key: "1").status == 200)
        #expect(try house.coordinator.loader.patient(stream).state.consents.map(\.basis) == [.consentShare])
        let taken = "{\(patient),\"basis\":\"consent-share\"}"
        #expect(try await house.write("patients/consents/withdrawn", taken, by: TestTerritory.gp, key: "2").status == 200)
        #expect(try house.coordinator.loader.patient(stream).state.consents.isEmpty)
        try await house.write("patients/consents", "{\(patient),\"basis\":\"because\"}", by: TestTerritory.gp, key: "3")
            .expectProblem(400, "malformed-body")
        let other = #"{"patient":{"authority":"CHLVO","value":"P9"},"basis":"team-3"}"#
        try await house.write("patients/consents", other, by: TestTerritory.gp, key: "4").expectProblem(404, "unknown-patient")
    }
}
