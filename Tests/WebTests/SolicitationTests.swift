import Coordination
import EventStore
import Pathways
import Projections
import Testing

@testable import Web

/// Teams, people whom nobody could be found for, and what is seen of the patient before anybody accepts.
@Suite struct SolicitationTests {
    private static let identity = [
        "Garnier", "Solange", "Lemoine", "1941", "Marais, 85300", "3 rue", "0261919001", "02 61 91 90 01", "269054958815780",
    ]

    private func expectNameless(_ answer: Answer, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(answer.status == 200, "\(answer.text)", sourceLocation: sourceLocation)
        for word in Self.identity { #expect(!answer.text.contains(word), "\(word)", sourceLocation: sourceLocation) }
    }

    private func key(of page: Answer) throws -> String {
        String(try #require(page.text.firstMatch(of: /name="cle" value="([^"]+)"/)).1)
    }

    /// The team is asked, first or in time.
    private func askedTheTeam(_ house: House) async throws -> (pathway: StreamID, followUp: String) {
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        #expect(try house.asked(followUp, of: pathway).contains("team:marais"))
        return (pathway, followUp)
    }

    // MARK: - Teams

    @Test func aMemberTakesFromTheQueueOfTheTeam() async throws {
        let house = try await House(teams: TestTerritory.nursesTogether)
        let (_, followUp) = try await askedTheTeam(house)
        for member in [TestTerritory.nurse, TestTerritory.otherNurse] {
            let page = try await house.get("/a-faire", as: member)
            expectNameless(page)
            #expect(page.text.contains("Votre équipe") && page.text.contains("Je prends") && page.text.contains("Cabinet infirmier du Marais"))
            #expect(page.text.contains(#"name="equipe" value="marais""#))
        }
        let key = try key(of: try await house.get("/a-faire", as: TestTerritory.nurse))
        let taken = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=\(key)&equipe=marais", as: TestTerritory.nurse)
        #expect(taken.headers["location"] == "/a-faire?message=accepte#s-\(followUp)")
        #expect(try await house.get("/a-faire", as: TestTerritory.nurse).text.contains("Garnier Solange"))
        let other = try await house.get("/a-faire", as: TestTerritory.otherNurse)
        #expect(!other.text.contains("Votre équipe") && !other.text.contains("Garnier"), "the queue has lost it")
        let late = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=9&equipe=marais", as: TestTerritory.otherNurse)
        #expect(late.headers["location"] == "/a-faire?message=deja-pris#s-\(followUp)")
    }

    @Test func onlyMembersAnswerForATeam() async throws {
        let house = try await House(teams: TestTerritory.nursesTogether)
        let (pathway, followUp) = try await askedTheTeam(house)
        let team = #"{"team":"marais"}"#
        try await house.write("follow-ups/\(followUp)/accept", team, by: TestTerritory.fourthNurse, key: "a").expectProblem(403, "not-of-the-team")
        try await house.write("follow-ups/\(followUp)/accept", #"{"team":"none"}"#, by: TestTerritory.nurse, key: "b")
            .expectProblem(403, "not-of-the-team")
        let page = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1&equipe=marais", as: TestTerritory.pharmacist)
        #expect(page.headers["location"] == "/a-faire?message=hors-equipe#s-\(followUp)")
        let no = #"{"reason":"noCapacity","team":"marais"}"#
        #expect(try await house.write("follow-ups/\(followUp)/decline", no, by: TestTerritory.nurse, key: "c").status == 200)
        #expect(try !house.asked(followUp, of: pathway).contains("team:marais"))
    }

    @Test func theListTellsTheTeamAndNoIdentity() async throws {
        let house = try await House(teams: TestTerritory.nursesTogether)
        let (_, followUp) = try await askedTheTeam(house)
        let todo = try await house.get("/api/v1/professionals/\(TestTerritory.nurse)/todo")
        expectNameless(todo)
        let item = try #require(try todo.list("items").first { $0["followUp"] as? String == followUp })
        #expect((item["team"] as? [String: Any])?["id"] as? String == "marais")
        #expect(item["patient"] == nil && item["visit"] == nil)
        #expect((item["owner"] as? [String: Any])?["rpps"] as? String == TestTerritory.referent)
        #expect((item["nextDeadline"] as? [String: Any])?["kind"] as? String == "answer")
    }

    // MARK: - Nobody took it

    @Test func whatNobodyTookIsTheReferentsWithItsReason() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        try await house.pass(minutes: 3 * 1_440, pathway)
        #expect(try house.asked(followUp, of: pathway) == [])
        let page = try await house.get("/a-faire", as: TestTerritory.referent)
        #expect(page.text.contains("Tout le monde a été sollicité.") && page.text.contains("Solliciter à nouveau"))
        let item = try #require(
            try await house.get("/api/v1/professionals/\(TestTerritory.referent)/todo").list("items").first { $0["followUp"] as? String == followUp }
        )
        #expect(item["assignmentReason"] as? String == "everybody-asked")

        let path = "/a-faire/\(followUp)/solliciter"
        let form = "cle=\(try key(of: page))"
        #expect(try await house.post(path, form: form, as: TestTerritory.nurse).headers["location"]?.contains("referent-seulement") == true)
        let again = try await house.post(path, form: form, as: TestTerritory.referent)
        #expect(again.headers["location"]?.hasPrefix("/a-faire?message=nouvelle-sollicitation") == true)
        try await house.settle(pathway)
        #expect(try !house.asked(followUp, of: pathway).isEmpty)
    }

    @Test func solicitingAgainIsTheReferents() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        try await house.write("follow-ups/\(followUp)/solicit-again", by: TestTerritory.nurse, key: "a").expectProblem(403, "referent-only")
        #expect(try await house.write("follow-ups/\(followUp)/solicit-again", by: TestTerritory.referent, key: "b").status == 200)
    }

    @Test func anUncoveredTerritorySaysSo() async throws {
        let house = try await House()
        let away = #"{"from":"2026-11-22T00:00:00+01:00","to":"2026-11-29T00:00:00+01:00"}"#
        for rpps in [TestTerritory.nurse, TestTerritory.otherNurse, TestTerritory.thirdNurse, TestTerritory.fourthNurse] {
            #expect(try await house.write("professionals/\(rpps)/absences", away, by: TestTerritory.referent, key: rpps).status == 200)
        }
        try await house.discharged()
        let page = try await house.get("/a-faire", as: TestTerritory.referent)
        #expect(page.text.contains("Tous ceux qui interviennent dans cette commune sont absents."))
    }

    // MARK: - Reports and holds

    @Test func whoAcceptedReportsInThreeTaps() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let nurse = try #require(try house.asked(followUp, of: pathway).first)
        for verb in ["alerte", "ordonnance"] {
            let early = try await house.post("/a-faire/\(followUp)/\(verb)", form: "cle=0&signe=fever", as: nurse)
            #expect(early.status == 403, "who is only asked takes no part in the care yet")
        }
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: nurse)
        let page = try await house.get("/a-faire", as: nurse)
        #expect(page.text.contains("Signaler un problème") && page.text.contains("appelez d’abord le 15"))
        let path = "/a-faire/\(followUp)/alerte"
        #expect(try await house.post(path, form: "cle=2", as: nurse).headers["location"] == "/a-faire?message=signe-manquant#s-\(followUp)")
        let form = "cle=2&signe=fall&appel-samu=oui"
        for _ in 0..<2 {
            #expect(try await house.post(path, form: form, as: nurse).headers["location"] == "/a-faire?message=alerte-signalee#s-\(followUp)")
        }
        let missing = try await house.post("/a-faire/\(followUp)/ordonnance", form: "cle=3&note=Pansements", as: nurse)
        #expect(missing.headers["location"] == "/a-faire?message=ordonnance-signalee#s-\(followUp)")
        let state = try house.coordinator.loader.pathway(pathway).state
        #expect(state.alerts.map(\.sign) == [.fall] && state.alerts.first?.called == ["samu"] && state.alerts.first?.followUp == followUp)
        let report = try #require(state.missingPrescriptions.first).report
        let parcours = "/parcours/\(pathway.hex)"
        #expect(try await house.get(parcours, as: nurse).text.contains("L’ordonnance est arrivée"))
        let here = try await house.post("\(parcours)/ordonnance-recue", form: "cle=4&signalement=\(report)", as: nurse)
        #expect(here.headers["location"] == "\(parcours)?message=ordonnance-recue")
        #expect(try await !house.get(parcours, as: nurse).text.contains("L’ordonnance est arrivée"))
    }

    @Test func aReadmissionPutsOnHold() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: TestTerritory.gp)
        house.clock.advance(minutes: 60)
        let again = House.admission.replacing(#""value":"V1""#, with: #""value":"V2""#).replacing("2026-11-20T10:00", with: "2026-11-22T09:40")
        let second = try #require(StreamID(hex: try await house.write("pathways", again, key: "again").string("pathway")))
        try await house.settle(second)
        #expect(try house.coordinator.loader.pathway(pathway).state.followUp(followUp)?.status == .onHold)
        let page = try await house.get("/a-faire", as: TestTerritory.gp)
        #expect(page.text.contains("En attente : réhospitalisation"))
        let held = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.gp)
        #expect(held.text.contains("En attente : réhospitalisation"))
    }

    // MARK: - Why

    @Test func whyNamesNoPatientBeforeOrAfter() async throws {
        let house = try await House(teams: TestTerritory.nursesTogether)
        let (pathway, followUp) = try await askedTheTeam(house)
        let path = "/api/v1/follow-ups/\(followUp)/why"
        let first = try await house.get(path)
        expectNameless(first)
        #expect(!(try first.string("sentence")).isEmpty)
        let position = try house.log.head().position
        #expect(try await house.get("\(path)?position=\(position)").bytes == first.bytes)
        let page = try await house.get("/a-faire/\(followUp)/pourquoi", as: TestTerritory.nurse)
        expectNameless(page)
        #expect(page.text.contains("Pourquoi ?") && page.text.contains("Qui a été sollicité avant ?") && page.text.contains("<p>Personne.</p>"))
        #expect(try await house.get("/a-faire/\(followUp)/pourquoi", as: TestTerritory.pharmacist).status == 403)
        #expect(try await house.get("/a-faire/none/pourquoi", as: TestTerritory.nurse).status == 404)

        _ = try await house.write("follow-ups/\(followUp)/accept", #"{"team":"marais"}"#, by: TestTerritory.nurse, key: "a")
        try await house.settle(pathway)
        expectNameless(try await house.get(path))
        expectNameless(try await house.get("/a-faire/\(followUp)/pourquoi", as: TestTerritory.nurse))
        #expect(try await house.get("\(path)?position=\(position)").bytes == first.bytes, "as it stood, to the byte")
    }

    @Test(arguments: ["none/why", "none/why?position=1"])
    func whyOfNothing(path: String) async throws {
        try await House().get("/api/v1/follow-ups/\(path)").expectProblem(404, "unknown-follow-up")
    }

    @Test func otherPeoplesAnswersAreNumbersToWhoIsAsked() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let first = try house.asked(followUp, of: pathway)
        for (index, rpps) in first.enumerated() {
            _ = try await house.write("follow-ups/\(followUp)/decline", #"{"reason":"absent"}"#, by: rpps, key: "\(index)")
        }
        try await house.settle(pathway)
        let next = try #require(try house.asked(followUp, of: pathway).first)
        let page = try await house.get("/a-faire", as: next)
        #expect(page.text.contains("Avant vous, \(first.count) sollicitations : \(first.count) refus."))
        let names = try first.compactMap { try house.services.directory.name(of: $0) }
        #expect(names.count == first.count)
        for name in names { #expect(!page.text.contains(name), "\(name)") }
        let referent = try await house.get("/a-faire", as: TestTerritory.referent)
        for name in names { #expect(referent.text.contains(name), "\(name)") }
    }
}
