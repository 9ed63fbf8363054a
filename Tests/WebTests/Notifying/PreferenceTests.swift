import Foundation
import Hummingbird
import Pathways
import Synchronization
import Testing

@testable import Web

@Suite struct PreferenceTests {
    private static let nurse = TestTerritory.nurse
    private static let email = #"{"kind":"email","address":"margaux@Cabinet.example"}"#

    private func put(
        _ house: House,
        _ body: String,
        of rpps: String = nurse,
        by actor: String? = nurse,
        key: String? = "k-1"
    ) async throws -> Answer {
        var headers: [String: String] = [:]
        if let actor { headers["relais-actor"] = "urn:rpps:\(actor)" }
        if let key { headers["idempotency-key"] = key }
        return try await house.send(.put, "/api/v1/professionals/\(rpps)/notifications", body: body, headers: headers)
    }

    private func get(_ house: House, of rpps: String = nurse, by actor: String? = nurse) async throws -> Answer {
        let headers = actor.map { ["relais-actor": "urn:rpps:\($0)"] } ?? [:]
        return try await house.send(.get, "/api/v1/professionals/\(rpps)/notifications", headers: headers)
    }

    // MARK: - API

    @Test func theDirectoryDecidesUntilSomebodyChooses() async throws {
        let house = try await House(notifier: TestNotifier())
        let before = try await get(house)
        #expect(before.status == 200, "\(before.text)")
        #expect(try before.json()["isSet"] as? Bool == false && before.list("channels").isEmpty)
        let choices = try #require(try before.json()["choices"] as? [String: Any])
        #expect(choices["channels"] as? [String] == ["mssante", "email", "sms"])
        #expect((choices["templates"] as? [[String: String]])?.first == ["name": "discharge-notice", "title": "Une sortie d’hôpital"])

        let body =
            #"{"channels":[{"kind":"sms","address":"06 39 98 00 01"},\#(Self.email)],"quietHours":{"from":"21:30","to":"06:45"},"#
            + #""mutedTemplates":["prado-left"]}"#
        let first = try await put(house, body)
        #expect(first.status == 200, "\(first.text)")
        #expect(try await put(house, body).bytes == first.bytes, "the same key, the same answer")
        try await put(house, #"{"channels":[]}"#).expectProblem(422, "idempotency-key-reused")
        let after = try await get(house, by: TestTerritory.referent)
        #expect(try after.json()["isSet"] as? Bool == true)
        #expect(try after.list("channels").map { $0["address"] as? String } == ["+33639980001", "margaux@cabinet.example"])
        #expect(try after.json()["quietHours"] as? [String: String] == ["from": "21:30", "to": "06:45"])
        #expect(try after.json()["mutedTemplates"] as? [String] == ["prado-left"])

        let none = try await put(house, #"{"channels":[],"quietHours":{"from":"00:00","to":"00:00"}}"#, by: TestTerritory.referent)
        #expect(none.status == 200, "\(none.text)")
        let last = try await get(house)
        #expect(try last.list("channels").isEmpty && last.json()["isSet"] as? Bool == true)
    }

    @Test func itIsForThePersonAndTheReferent() async throws {
        let house = try await House(notifier: TestNotifier())
        for other in [TestTerritory.gp, TestTerritory.cardiology] {
            try await get(house, by: other).expectProblem(403, "referent-only")
            try await put(house, #"{"channels":[]}"#, by: other).expectProblem(403, "referent-only")
        }
        try await get(house, by: nil).expectProblem(401, "actor-missing")
        try await put(house, #"{"channels":[]}"#, by: nil).expectProblem(401, "actor-missing")
        try await put(house, #"{"channels":[]}"#, key: nil).expectProblem(400, "idempotency-key-missing")
        try await get(house, of: "x").expectProblem(422, "invalid-identifier")
        try await put(house, #"{"channels":[]}"#, of: TestTerritory.stranger, by: TestTerritory.referent).expectProblem(
            404,
            "unknown-professional"
        )
    }

    @Test(arguments: [
        ("{}", 422, "invalid-member"), (#"{"channels":{}}"#, 400, "malformed-body"),
        (#"{"channels":[{"kind":"fax"}]}"#, 400, "malformed-body"),
        (#"{"channels":[{"kind":"webhook","address":"https://a.example"}]}"#, 422, "invalid-member"),
        (#"{"channels":[{"kind":"email"}]}"#, 422, "invalid-address"),
        (#"{"channels":[{"kind":"email","address":"a@b\r\nBcc: c@d.example"}]}"#, 422, "invalid-address"),
        (#"{"channels":[{"kind":"sms","address":"15"}]}"#, 422, "invalid-address"),
        (#"{"channels":[{"kind":"mssante","address":"m@elsewhere.example"}]}"#, 422, "invalid-address"),
        (#"{"channels":[\#(email),\#(email)]}"#, 422, "written-twice"),
        (#"{"channels":[],"mutedTemplates":["offer-named"]}"#, 422, "not-mutable"),
        (#"{"channels":[],"mutedTemplates":["nothing"]}"#, 422, "unknown-template"),
        (#"{"channels":[],"quietHours":{"from":"24:00","to":"07:00"}}"#, 422, "invalid-member"),
        (#"{"channels":[],"quietHours":{"from":"8 pm","to":"07:00"}}"#, 422, "invalid-member"),
        (#"{"channels":[],"quietHours":{"from":"20:00"}}"#, 400, "malformed-body"),
        (#"{"channels":[\#(Array(repeating: email, count: 11).joined(separator: ","))]}"#, 422, "invalid-member"),
        (#"{"channels":[{"kind":"email","address":"\#(String(repeating: "a", count: 501))"}]}"#, 422, "invalid-member"),
        ("[]", 400, "malformed-body"),
    ])
    func whatCannotBeSetIsRefused(body: String, status: Int, code: String) async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        try await put(house, body).expectProblem(status, code)
        #expect(notifier.state.withLock { $0.recipients.isEmpty })
    }

    // MARK: - Page

    @Test func thePageSaysWhatHoldsAndSavesWhatIsChosen() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let before = try await house.get("/notifications", as: Self.nurse)
        #expect(
            before.status == 200 && before.text.contains("Vous n’avez encore rien choisi") && before.text.contains("Aucun message ne part")
        )
        let key = String(try #require(before.text.firstMatch(of: /name="cle" value="([^"]+)"/)).1)
        let form =
            "cle=\(key)&ordre-mssante=&adresse-mssante=&ordre-email=2&adresse-email=m%40cabinet.example&ordre-sms=1&adresse-sms=0639980001"
            + "&calme=perso&calme-de=21%3A00&calme-a=06%3A30&sans-prado-left=oui&sans-offer-named=oui"
        #expect(
            try await house.post("/notifications", form: form, as: Self.nurse).headers["location"]
                == "/notifications?message=notifications-enregistrees"
        )
        let set = try #require(notifier.state.withLock { $0.recipients[Self.nurse] }?.preferences)
        #expect(set.channels.map(\.kind) == [.sms, .email] && set.quietHours == QuietHours(from: 21 * 60, to: 6 * 60 + 30))
        #expect(set.mutedTemplates == ["prado-left"], "what cannot be muted is not on the page")
        let after = try await house.get("/notifications?message=notifications-enregistrees", as: Self.nurse)
        #expect(after.text.contains("D’abord par SMS : +33639980001.") && after.text.contains("Sinon par courriel : m@cabinet.example."))
        #expect(
            after.text.contains("Pas de message de 21 h 00 à 6 h 30, sauf urgence.") && after.text.contains("vous serez prévenu·e ainsi")
        )
    }

    @Test func chooseAgainWhatTheTerritorySays() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let choices: [(String, QuietHours?)] = [("territoire", nil), ("aucune", QuietHours(from: 0, to: 0)), ("territoire", nil)]
        for (choice, hours) in choices {
            let answer = try await house.post("/notifications", form: "cle=\(UUID())&calme=\(choice)", as: Self.nurse)
            #expect(answer.headers["location"]?.hasSuffix("notifications-enregistrees") == true)
            #expect(notifier.state.withLock { $0.recipients[Self.nurse] }?.preferences?.quietHours == hours)
        }
    }

    @Test(arguments: [
        ("calme=territoire&ordre-email=1", "adresse-manquante"), ("calme=territoire&ordre-email=1&adresse-email=x", "adresse-refusee"),
        ("calme=territoire&ordre-email=1&adresse-email=a%40b.example&ordre-sms=1&adresse-sms=0639980001", "ordre-double"),
        ("calme=territoire&ordre-email=99999999999999999999&adresse-email=a%40b.example", "moyens-illisibles"),
        ("calme=territoire&ordre-email=0&adresse-email=a%40b.example", "moyens-illisibles"), ("", "heures-illisibles"),
        ("calme=perso&calme-de=25%3A00&calme-a=07%3A00", "heures-illisibles"), ("calme=perso", "heures-illisibles"),
    ])
    func whatIsWrongInTheFormIsToldKindly(form: String, message: String) async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let answer = try await house.post("/notifications", form: "cle=1&\(form)", as: Self.nurse)
        #expect(answer.headers["location"] == "/notifications?message=\(message)")
        #expect(notifier.state.withLock { $0.recipients.isEmpty })
    }

    @Test func thePageIsForSomebodyAndNotForOtherSites() async throws {
        let house = try await House(notifier: TestNotifier())
        #expect(try await house.get("/notifications").headers["location"] == "/?message=qui")
        let foreign = try await house.post(
            "/notifications",
            form: "cle=1&calme=aucune",
            as: Self.nurse,
            headers: ["sec-fetch-site": "cross-site"]
        )
        #expect(foreign.status == 403)
        #expect(try await House().get("/notifications", as: Self.nurse).status == 404)
    }

    @Test func aChannelThatIsNotHereAnyMoreIsKeptAndSaysSo() async throws {
        let page = try await NotificationMocks.preferences()
        let sms = try #require(page.channels.first { $0.kind == "sms" })
        #expect(sms.hint.contains("pas disponible") && sms.orders.first { $0.isChosen }?.value == "2")
        #expect(!page.inForce.joined().contains("SMS"))
    }
}
