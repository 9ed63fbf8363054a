import Coordination
import EventStore
import Pathways
import Testing
import Timekeeping

@testable import Web

@Suite struct PageRouteTests {
    /// The key that the page's forms carry.
    private func key(of page: Answer) throws -> String {
        String(try #require(page.text.firstMatch(of: /name="cle" value="([^"]+)"/)).1)
    }

    // MARK: - Who one is

    @Test func oneSaysWhoOneIs() async throws {
        let house = try await House(accounts: [DemoAccount(rpps: TestTerritory.nurse, name: "Margaux Naud", role: .nurse)])
        let home = try await house.get("/")
        #expect(home.status == 200)
        #expect(home.text.contains("Margaux Naud") && home.text.contains("démonstration") && home.text.contains("Pas encore de mot de passe"))
        let chosen = try await house.post("/acteur", form: "rpps=\(TestTerritory.nurse)", as: nil)
        #expect(chosen.status == 303)
        #expect(chosen.headers["location"] == "/a-faire")
        let cookie = try #require(chosen.headers["set-cookie"])
        #expect(
            cookie.contains("relais-acteur=\(TestTerritory.nurse)") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict")
                && cookie.contains("Path=/")
        )
    }

    @Test(arguments: ["", "rpps=", "rpps=123", "rpps=99999001342", "autre=1"])
    func strangersAreToldKindly(form: String) async throws {
        let answer = try await House().post("/acteur", form: form, as: nil)
        #expect(answer.status == 303)
        #expect(answer.headers["location"] == "/?message=inconnu")
        #expect(answer.headers["set-cookie"] == nil)
    }

    @Test func whoHasNotSaidIsSentHome() async throws {
        let house = try await House()
        #expect(try await house.get("/a-faire").headers["location"] == "/?message=qui")
        #expect(try await house.get("/a-faire", as: TestTerritory.stranger).headers["location"] == "/?message=inconnu")
        #expect(try await house.post("/a-faire/x/accepter", form: "", as: nil).headers["location"] == "/?message=qui")
        #expect(try await house.get("/?message=qui").text.contains(FlashMessage.whoAreYou.text))
        #expect(try await !house.get("/?message=%3Cb%3E").text.contains("<b>"))
    }

    // MARK: - À faire

    @Test func acceptingSurvivesReloadAndDoubleSubmission() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let nurse = try #require(try house.asked(followUp, of: pathway).first)
        let before = try await house.get("/a-faire", as: nurse)
        #expect(before.text.contains("À accepter") && before.text.contains("Patient·e, Challans") && !before.text.contains("Garnier"))
        let form = "cle=\(try key(of: before))"
        let first = try await house.post("/a-faire/\(followUp)/accepter", form: form, as: nurse)
        #expect(first.status == 303)
        #expect(first.headers["location"] == "/a-faire?message=accepte#s-\(followUp)")
        let head = try house.log.head().position
        let second = try await house.post("/a-faire/\(followUp)/accepter", form: form, as: nurse)
        #expect(second.headers["location"] == first.headers["location"])
        #expect(try house.log.head().position == head)
        for _ in 0..<2 {
            let after = try await house.get("/a-faire?message=accepte", as: nurse)
            #expect(
                after.text.contains("Garnier Solange") && after.text.contains(FlashMessage.accepted.text)
                    && after.text.contains("/parcours/\(pathway.hex)")
            )
        }
    }

    @Test func whoComesSecondIsToldKindly() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let asked = try house.asked(followUp, of: pathway)
        try #require(asked.count > 1)
        let page = try await house.get("/a-faire", as: asked[1])
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: asked[0])
        let late = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=\(try key(of: page))", as: asked[1])
        #expect(late.headers["location"] == "/a-faire?message=deja-pris#s-\(followUp)")
        #expect(FlashMessage.takenByAnother.text.contains("a accepté avant vous"))
    }

    @Test func decliningNeedsAReasonAndMovesOn() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        let path = "/a-faire/\(followUp)/decliner"
        #expect(
            try await house.post(path, form: "cle=1", as: TestTerritory.gp).headers["location"]?.hasPrefix("/a-faire?message=motif-manquant") == true
        )
        #expect(try await house.post(path, form: "cle=1&motif=absent", as: TestTerritory.gp).headers["location"] == "/a-faire?message=decline")
        #expect(
            try await house.post(path, form: "cle=1&motif=other", as: TestTerritory.gp).headers["location"]?.hasPrefix("/a-faire?message=deja-envoye")
                == true
        )
        #expect(try await house.get("/a-faire", as: TestTerritory.gp).text.contains("Rien à faire pour le moment"))
    }

    @Test func givingBackSaysSo() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: TestTerritory.gp)
        let answer = try await house.post("/a-faire/\(followUp)/decliner", form: "cle=2&motif=absent", as: TestTerritory.gp)
        #expect(answer.headers["location"] == "/a-faire?message=rendu")
    }

    @Test func doneIsRecordedOnce() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: TestTerritory.gp)
        let path = "/a-faire/\(followUp)/fait"
        for (form, message) in [
            ("cle=2", "resultat-manquant"), ("cle=2&resultat=rien", "resultat-manquant"), ("cle=2&resultat=done&quand=hier", "date-illisible"),
            ("cle=2&resultat=done&quand=2026-11-23T08:00", "date-future"),
            ("cle=2&resultat=done&note=\(String(repeating: "a", count: 2_001))", "note-trop-longue"),
        ] {
            #expect(try await house.post(path, form: form, as: TestTerritory.gp).headers["location"] == "/a-faire?message=\(message)#s-\(followUp)")
        }
        let done = "cle=3&resultat=done&quand=2026-11-22T08%3A45&note=Tout+va+bien"
        #expect(try await house.post(path, form: done, as: TestTerritory.gp).headers["location"] == "/a-faire?message=fait")
        let head = try house.log.head().position
        #expect(try await house.post(path, form: done, as: TestTerritory.gp).headers["location"] == "/a-faire?message=fait")
        #expect(try house.log.head().position == head)
        let state = try #require(try house.coordinator.loader.pathway(pathway).state.followUp(followUp))
        #expect(state.status == .done)
        #expect(state.closedAt?.rfc3339 == "2026-11-22T08:45:00+01:00")
        #expect(
            try await house.post(path, form: "cle=4&resultat=patientAbsent", as: TestTerritory.referent).headers["location"]?.contains("deja-termine")
                == true
        )
    }

    @Test func aWithdrawalIsSeen() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        let statement = Statement(recordedAt: house.clock.now, sentAt: house.clock.now, controlID: "x", digest: "x")
        let movement = try #require(try house.coordinator.loader.pathway(pathway).state.stay.discharge)
        let reference = try #require(try house.coordinator.loader.pathway(pathway).state.reference)
        _ = try await house.coordinator.perform(nil) { work in
            try work.decide(
                .report(.cancellation(movement, .discharge, statement), reference),
                on: pathway,
                by: .init(source: "urn:test", occurredAt: house.clock.now)
            )
            return []
        }
        try await house.settle(pathway)
        let page = try await house.get("/a-faire", as: TestTerritory.gp)
        #expect(page.text.contains("À savoir") && page.text.contains("La sortie a été annulée"))
        #expect(try await house.post("/a-faire/\(followUp)/vu", form: "cle=1", as: TestTerritory.gp).headers["location"] == "/a-faire?message=vu")
        #expect(try await !house.get("/a-faire", as: TestTerritory.gp).text.contains("À savoir"))
    }

    @Test func followUpsThatNobodyKnowsAreNotFound() async throws {
        #expect(try await House().post("/a-faire/none/accepter", form: "cle=1", as: TestTerritory.gp).status == 404)
    }

    @Test func onlyTheDemonstrationsLinkReloads() async throws {
        let house = try await House()
        #expect(try await !house.get("/a-faire", as: TestTerritory.gp).text.contains("http-equiv"))
        #expect(try await house.get("/a-faire?suivre=1", as: TestTerritory.gp).text.contains(#"<meta http-equiv="refresh" content="15">"#))
    }

    @Test func theReferentSeesWhoIsAwaited() async throws {
        let house = try await House()
        try await house.discharged()
        let page = try await house.get("/a-faire", as: TestTerritory.referent)
        #expect(
            page.text.contains("En attente d’une réponse") && page.text.contains("En attente de Jules Rousseau")
                && page.text.contains("Prendre en charge")
        )
    }

    // MARK: - The pathway

    @Test func thePathwayIsOpenToThoseWhoCareAndToNobodyElse() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let nurse = try #require(try house.asked(followUp, of: pathway).first)
        for rpps in [TestTerritory.gp, TestTerritory.cardiology, TestTerritory.referent] {
            let page = try await house.get("/parcours/\(pathway.hex)", as: rpps)
            #expect(page.status == 200, "\(rpps)")
            #expect(page.text.contains("Garnier Solange") && page.text.contains("Sorti·e, retour à confirmer"))
        }
        for rpps in [nurse, TestTerritory.pharmacist, TestTerritory.surgery] {
            for suffix in ["", "?position=9"] {
                let page = try await house.get("/parcours/\(pathway.hex)\(suffix)", as: rpps)
                #expect(page.status == 403, "\(rpps)")
                #expect(page.text.contains("Ce parcours ne vous est pas ouvert") && !page.text.contains("Garnier"))
            }
            #expect(try await house.post("/parcours/\(pathway.hex)/retour", form: "cle=1&comment=visit", as: rpps).status == 403)
        }
        _ = try await house.post("/a-faire/\(followUp)/accepter", form: "cle=1", as: nurse)
        #expect(try await house.get("/parcours/\(pathway.hex)", as: nurse).status == 200)
        #expect(try await house.get("/parcours/00000000000000000000000000000000", as: TestTerritory.referent).status == 404)
        #expect(try await house.get("/parcours/xyz", as: TestTerritory.referent).status == 404)
    }

    @Test func thePathwayAsItStood() async throws {
        let house = try await House()
        let admitted = try await house.write("pathways", House.admission, key: "admit").integer("position")
        house.clock.advance(minutes: 30)
        let pathway = try await house.discharged()
        let page = try await house.get("/parcours/\(pathway.hex)?position=\(admitted)", as: TestTerritory.gp)
        #expect(page.text.contains("Parcours tel qu’il était connu") && page.text.contains("À l’hôpital"))
        #expect(!page.text.contains("<form"), "the past cannot be changed")
        let byTime = try await house.get("/parcours/\(pathway.hex)?at=2026-11-22T09:10:00%2B01:00", as: TestTerritory.gp)
        #expect(byTime.text.contains("À l’hôpital"))
        #expect(try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.gp).text.contains("<form"))
    }

    @Test func theHomeReturnIsConfirmed() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "/parcours/\(pathway.hex)/retour"
        let here = "/parcours/\(pathway.hex)?message="
        #expect(try await house.post(path, form: "cle=1", as: TestTerritory.gp).headers["location"] == here + "motif-manquant")
        let early = "cle=1&comment=visit&quand=2026-11-21T08:00"
        #expect(try await house.post(path, form: early, as: TestTerritory.gp).headers["location"] == here + "avant-sortie")
        let form = "cle=2&comment=phoneCallPatient&quand=2026-11-22T08:55"
        #expect(try await house.post(path, form: form, as: TestTerritory.gp).headers["location"] == here + "retour-confirme")
        let page = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.gp)
        #expect(page.text.contains("De retour à domicile") && !page.text.contains("Le patient est-il bien rentré"))
    }

    @Test func aProposedProtocolIsAppliedByTheUnitOrTheReferent() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        #expect(try await !house.get("/parcours/\(pathway.hex)", as: TestTerritory.gp).text.contains("Protocoles proposés"))
        let page = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.cardiology)
        #expect(page.text.contains("Protocoles proposés") && page.text.contains(#"value="heart-failure""#))
        let path = "/parcours/\(pathway.hex)/protocole"
        #expect(try await house.post(path, form: "cle=1&protocole=heart-failure", as: TestTerritory.gp).status == 403)
        let applied = try await house.post(path, form: "cle=1&protocole=heart-failure", as: TestTerritory.cardiology)
        #expect(applied.headers["location"] == "/parcours/\(pathway.hex)?message=protocole-applique")
        #expect(try await !house.get("/parcours/\(pathway.hex)", as: TestTerritory.cardiology).text.contains(#"value="heart-failure""#))
    }

    @Test func whomElseWasAskedIsNotEverybodysBusiness() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let forGP = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.gp)
        #expect(!forGP.text.contains("Proposé à") && !forGP.text.contains("Sollicité"))
        let forUnit = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.cardiology)
        #expect(forUnit.text.contains("Proposé à") && forUnit.text.contains("Sollicité"))
    }
}
