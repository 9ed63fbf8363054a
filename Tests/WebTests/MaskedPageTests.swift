import Coordination
import EventStore
import Pathways
import Projections
import Testing

@testable import Web

/// What the pages show of a patient who opposes: that they do, and nothing of who they are.
@Suite struct MaskedPageTests {
    /// As the pages would write it, and as it is recorded.
    private static let identity = ["Garnier", "Solange", "Lemoine", "3 mai 1941", "1941-05-03", "Marais", "85300 ", "0261919001", "02 61 91 90 01"]

    private enum Wish {
        case opposed, lifted
    }

    /// As stated to the référent-parcours, and taken in by the views.
    private func state(_ wish: Wish, _ house: House, key: String) async throws {
        let patient = house.coordinator.streams.patient(LocalIdentifier(authority: "CHLVO", value: "P1"))
        let caller = try Caller(urn: TestTerritory.referent, in: try house.services.territory())
        let (desk, now, request) = (house.services.patientDesk, house.clock.now, RequestKey(key: key, body: []))
        switch wish {
        case .opposed: _ = try await desk.oppose(.sharing, statedAt: now, for: patient, by: caller, key: request)
        case .lifted: _ = try await desk.liftOpposition(statedAt: now, for: patient, by: caller, key: request)
        }
        try house.runner.catchUp()
    }

    private func expectMasked(_ page: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(page.status == 200, sourceLocation: sourceLocation)
        #expect(page.text.contains(Sentence.maskedIdentity), sourceLocation: sourceLocation)
        for word in Self.identity { #expect(!page.text.contains(word), "\(word)", sourceLocation: sourceLocation) }
    }

    private func expectShown(_ page: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(page.text.contains("Garnier Solange") && page.text.contains("3 rue des Marais, 85300 Challans"), sourceLocation: sourceLocation)
        #expect(!page.text.contains(Sentence.maskedIdentity), sourceLocation: sourceLocation)
    }

    @Test func theListMasksAnOpposedPatientUntilItIsLifted() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let link = "/parcours/\(pathway.hex)"
        let nurse = try #require(try house.asked(try house.followUp(.nurse, of: pathway), of: pathway).first)
        // The patient's own doctor is asked, the référent-parcours owns meanwhile.
        let knowing = [TestTerritory.gp, TestTerritory.referent]
        for rpps in knowing { expectShown(try await house.get("/a-faire", as: rpps)) }

        try await state(.opposed, house, key: "1")
        for rpps in knowing {
            let page = try await house.get("/a-faire", as: rpps)
            expectMasked(page)
            #expect(
                page.text.contains("<p>Challans</p>"),
                "where stays: \(page.text.split(separator: "\n").filter { $0.contains("<p>") || $0.contains("h3") })"
            )
            #expect(page.text.contains(link), "the way to the pathway stays")
        }
        #expect(try await house.get("/a-faire", as: TestTerritory.gp).text.contains("Le patient vous a déclaré·e à l’hôpital."))
        let offered = try await house.get("/a-faire", as: nurse)
        expectMasked(offered)
        #expect(!offered.text.contains("une fois la demande acceptée"), "accepting would not show it")
        #expect(!offered.text.contains(link))

        try await state(.lifted, house, key: "2")
        for rpps in knowing { expectShown(try await house.get("/a-faire", as: rpps)) }
        #expect(try await house.get("/a-faire", as: nurse).text.contains("Patient·e, Challans"))
    }

    @Test func thePathwayMasksAnOpposedPatientUntilItIsLifted() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let before = try house.log.head().position
        let path = "/parcours/\(pathway.hex)"
        expectShown(try await house.get(path, as: TestTerritory.gp))

        try await state(.opposed, house, key: "1")
        let masked = try await house.get(path, as: TestTerritory.gp)
        expectMasked(masked)
        for word in ["Cardiologie", "Identité qualifiée", "Camille Moreau", "Opposition du patient enregistrée"] {
            #expect(masked.text.contains(word), "\(word)")
        }
        // What is masked today is not to be had by asking for yesterday.
        expectMasked(try await house.get("\(path)?position=\(before)", as: TestTerritory.gp))

        try await state(.lifted, house, key: "2")
        expectShown(try await house.get(path, as: TestTerritory.gp))
    }
}
