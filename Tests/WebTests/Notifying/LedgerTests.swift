import Coordination
import EventStore
import Hummingbird
import Notifications
import Pathways
import Synchronization
import Testing
import Timekeeping

@testable import Web

@Suite struct LedgerTests {
    private func get(_ house: House, _ pathway: String, as rpps: String?) async throws -> Answer {
        let headers = rpps.map { ["relais-actor": "urn:rpps:\($0)"] } ?? [:]
        return try await house.send(.get, "/api/v1/pathways/\(pathway)/notifications", headers: headers)
    }

    private func told(_ rpps: String, followUp: String? = nil, at time: String = "09:00") throws -> LedgerRow {
        LedgerRow(
            message: NotificationMocks.message,
            recipient: rpps,
            template: "offer-named",
            followUp: followUp,
            handOvers: [.init(channel: .email, at: try NotificationMocks.at(time))]
        )
    }

    @Test func everybodySeesWhetherTheyWereTold() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let pathway = try await house.discharged()
        let gp = TestTerritory.gp
        let none = try await house.get("/parcours/\(pathway.hex)", as: gp)
        #expect(none.text.contains("Qui a été prévenu") && none.text.contains("Vous n’avez pas été prévenu·e de ce parcours."))
        notifier.state.withLock { [rows = try NotificationMocks.rows()] in $0.rows = rows }
        let page = try await house.get("/parcours/\(pathway.hex)", as: gp)
        #expect(page.text.contains("Et moi ? Vous avez été prévenu·e le dim. 22 nov., 9 h 10 par SMS."), "\(page.text)")
        for words in ["Jules Rousseau", "Remis par messagerie sécurisée", "Rappel remis par SMS", "Arrivé", "Lu", "A répondu"] {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(!page.text.contains("Julie Rousseau"), "she takes no part")
        let referent = try await house.get("/parcours/\(pathway.hex)", as: TestTerritory.referent)
        #expect(referent.text.contains("Revenu par courriel : adresse inconnue"))
        #expect(referent.text.contains("prévenu·e à la place : Camille Moreau") && referent.text.contains("Vous n’avez pas été prévenu·e"))
        let past = try await house.get("/parcours/\(pathway.hex)?position=9", as: TestTerritory.referent)
        #expect(!past.text.contains("Qui a été prévenu"))
    }

    @Test func theAPISaysTheSame() async throws {
        let notifier = TestNotifier()
        let house = try await House(notifier: notifier)
        let pathway = try await house.discharged().hex
        notifier.state.withLock { [rows = try NotificationMocks.rows()] in $0.rows = rows }
        let all = try await get(house, pathway, as: TestTerritory.referent)
        #expect(all.status == 200, "\(all.text)")
        #expect(
            try all.list("told").map { $0["professional"] as? String } == [
                TestTerritory.cardiology, TestTerritory.gp, TestTerritory.pharmacist,
            ]
        )
        #expect(try all.json()["lastTold"] == nil)
        let pharmacist = try all.list("told")[2]
        #expect((pharmacist["undeliverable"] as? [String: Any])?["toldName"] as? String == "Camille Moreau")
        #expect((pharmacist["returned"] as? [[String: Any]])?.first?["reason"] as? String == "unknownAddress")
        #expect(pharmacist["role"] as? String == "pharmacist" && pharmacist["title"] as? String == "Une sortie d’hôpital")
        let own = try await get(house, pathway, as: TestTerritory.gp)
        #expect(try own.list("told").map { $0["professional"] as? String } == [TestTerritory.gp])
        #expect(try (own.json()["lastTold"] as? [String: String])?["channel"] == "sms")
    }

    @Test func itIsOpenToWhoeverSeesThePathway() async throws {
        let house = try await House(notifier: TestNotifier())
        let pathway = try await house.discharged().hex
        try await get(house, pathway, as: nil).expectProblem(401, "actor-missing")
        for rpps in [TestTerritory.pharmacist, TestTerritory.surgery] {
            try await get(house, pathway, as: rpps).expectProblem(403, "pathway-not-yours")
        }
        try await get(house, "00000000000000000000000000000000", as: TestTerritory.referent).expectProblem(404, "unknown-pathway")
        try await get(house, "xyz", as: TestTerritory.referent).expectProblem(404, "unknown-pathway")
        #expect(try await get(house, pathway, as: TestTerritory.cardiology).status == 200)
    }

    @Test func whomElseItWasOfferedToIsNotEverybodysBusiness() async throws {
        let house = try await House()
        let stream = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: stream)
        let asked = try house.asked(followUp, of: stream)
        try #require(asked.count > 1)
        _ = try await house.write("follow-ups/\(followUp)/accept", by: asked[0], key: "1")
        let pathway = try house.coordinator.loader.pathway(stream).state
        let rows =
            try [
                told(asked[0], followUp: followUp), told(asked[1], followUp: followUp), told(asked[1]),
                told(TestTerritory.referent, followUp: followUp),
            ]
            + [told(TestTerritory.referent), told(asked[0])]
        func seen(by reader: String, seesAll: Bool = false) -> Set<LedgerRow> {
            Set(LedgerView(rows, of: pathway, for: reader, seesAll: seesAll, referent: TestTerritory.referent).rows)
        }
        #expect(seen(by: TestTerritory.gp) == [rows[0], rows[4], rows[5]], "who took it, and what is of no follow-up")
        #expect(seen(by: asked[1]) == [rows[0], rows[1], rows[2], rows[4], rows[5]])
        #expect(seen(by: TestTerritory.referent, seesAll: true) == Set(rows))
    }

    @Test func whatCameBackIsNotTold() throws {
        let at = try NotificationMocks.at("09:00")
        func own(_ rows: [LedgerRow]) -> LedgerView.Own {
            LedgerView(rows, of: Pathway(), for: TestTerritory.gp, seesAll: true, referent: nil).own
        }
        var row = try told(TestTerritory.gp)
        #expect(own([row]) == .told(at: at, by: .email))
        row.returns = [.init(channel: .email, reason: .mailboxFull, at: at)]
        #expect(own([row]) == .notReached)
        row.openedAt = at
        #expect(own([row]) == .told(at: at, by: .email), "who read it was told, whatever the server said")
        #expect(own([]) == .notTold)
        #expect(own([try told(TestTerritory.nurse)]) == .notTold)
        #expect(own([LedgerRow(message: "m", recipient: TestTerritory.gp, template: "t")]) == .notReached)
    }

    @Test func rowsComeFromTheLedger() throws {
        let at = try NotificationMocks.at("09:00")
        let (rpps, id) = (TestTerritory.gp, NotificationMocks.message)
        let items = [ToldItem(event: "e", template: "offer-named", pathway: "p", followUp: "f")]
        let record = MessageRecord(
            id,
            folding: [
                .messageHandedOver(
                    .init(recipient: rpps, message: id, channel: .email, items: items, urgency: .routine, attempts: 1, at: at)
                ),
                .messageBounced(.init(recipient: rpps, message: id, channel: .email, at: at.adding(minutes: 1), reason: .mailboxFull)),
                .messageHandedOver(
                    .init(
                        recipient: rpps,
                        message: id,
                        channel: .sms,
                        items: items,
                        urgency: .routine,
                        attempts: 1,
                        at: at.adding(minutes: 2)
                    )
                ),
                .messageOpened(.init(recipient: rpps, message: id, via: .link, channel: .sms, at: at.adding(minutes: 3))),
            ]
        )
        let known = try #require(record)
        let row = LedgerRow(items[0], in: known, to: rpps, actedAt: at.adding(minutes: 4))
        #expect(row.handOvers.map(\.channel) == [.email, .sms] && row.standing.map(\.channel) == [.sms])
        #expect(row.returns.map(\.reason) == [.mailboxFull] && row.openedAt == at.adding(minutes: 3) && row.deliveredAt == nil)
        #expect(row.followUp == "f" && row.failure == nil && row.beginning == at)
    }
}
