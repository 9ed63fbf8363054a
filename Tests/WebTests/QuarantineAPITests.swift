import Coordination
import EventStore
import Foundation
import Hummingbird
import Pathways
import Projections
import Testing

@testable import Web

@Suite struct QuarantineAPITests {
    private static let name = "OSWINTHALE"

    /// An admission, without its visit number unless told otherwise.
    private func admission(_ controlID: String = "Q1", visit: String = "", sender: String = "SIMHOSP", zbe: String? = nil) -> String {
        let zbe = zbe ?? "ZBE|Z9^CHLVO|20261122080000||INSERT|N||Cardiologie^^^^^CHLVO^UF^^^CARD||HMS"
        return [
            #"MSH|^~\&|\#(sender)|CHLVO|RELAIS|CPTS|20261122083000||ADT^A01^ADT_A01|\#(controlID)|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR||2.11^IHE"#,
            "EVN||20261122083000||||20261122082500",
            "PID|1||P9^^^CHLVO^PI||\(Self.name)^PAUL^^^^^L||19500101|M|||1 rue du Port^^Challans^^85300^FRA^H|||||||V9^^^CHLVO^AN||||||||||||||PROV",
            "PV1|1|I|CARD^^^CHLVO||||||||||||||||\(visit)",
            zbe,
        ].joined(separator: "\r")
    }

    private func send(_ message: String, to house: House) async throws {
        let answer = try await house.send(.post, "/api/v1/hl7", body: message, headers: ["content-type": "application/hl7-v2+er7"])
        #expect(answer.text.contains("\rMSA|AE|"), "\(answer.text)")
        try house.runner.catchUp()
    }

    private func waiting(_ house: House) async throws -> [[String: Any]] {
        try await house.get("/api/v1/quarantine?status=waiting").json()["messages"] as? [[String: Any]] ?? []
    }

    private func quarantined(_ house: House) async throws -> String {
        try await send(admission(), to: house)
        return try #require(try await waiting(house).first?["id"] as? String)
    }

    private let visit = #"{"location": "PV1-19", "value": "V9^^^CHLVO^VN"}"#

    @Test func aRefusedMessageIsListedAndShownMasked() async throws {
        let house = try await House()
        let id = try await quarantined(house)
        let list = try await house.get("/api/v1/quarantine")
        #expect(try list.list("messages").first?["trigger"] as? String == "ADT^A01" && !list.text.contains(Self.name))
        let shown = try await house.get("/api/v1/quarantine/\(id)")
        #expect(shown.status == 200 && !shown.text.contains(Self.name) && !shown.text.contains("19500101"), "\(shown.text)")
        let content = try #require(try shown.json()["content"] as? [String: Any])
        let fields = try #require(content["segments"] as? [[String: Any]]).flatMap { $0["fields"] as? [[String: Any]] ?? [] }
        let missing = try #require(fields.first { $0["location"] as? String == "PV1-19" })
        #expect((missing["faults"] as? [String])?.first?.hasPrefix("101 PV1-19") == true && missing["value"] as? String == "")
        #expect(fields.first { $0["location"] as? String == "PID-5" }?["masked"] as? Bool == true)
        #expect(fields.first { $0["location"] as? String == "ZBE-4" }?["value"] as? String == "INSERT")
        try await house.get("/api/v1/quarantine/019f0000-0000-7000-8000-000000000000").expectProblem(404, "unknown-message")
        try await house.get("/api/v1/quarantine/nothing").expectProblem(404, "unknown-message")
        try await house.get("/api/v1/quarantine?status=lost").expectProblem(400, "malformed-parameter")
    }

    @Test func pagesFollowEachOther() async throws {
        let house = try await House()
        for number in 1...3 { try await send(admission("Q\(number)"), to: house) }
        let first = try await house.get("/api/v1/quarantine?limit=2")
        #expect(try first.list("messages").map { $0["controlID"] as? String } == ["Q1", "Q2"])
        let second = try await house.get("/api/v1/quarantine?limit=2&cursor=\(try first.string("next"))")
        #expect(try second.list("messages").map { $0["controlID"] as? String } == ["Q3"])
        #expect(try second.json()["next"] == nil)
    }

    @Test func aRepairRecordsWhatTheMessageSaysOnce() async throws {
        let house = try await House()
        let id = try await quarantined(house)
        let path = "quarantine/\(id)/repair"
        try await house.write(path, #"{"corrections": [\#(visit)]}"#, by: TestTerritory.cardiology).expectProblem(403, "referent-only")
        try await house.write(path, #"{"corrections": [\#(visit)]}"#, by: nil).expectProblem(401, "actor-missing")
        try await house.write(path, #"{"corrections": [\#(visit)]}"#, by: TestTerritory.referent, key: nil)
            .expectProblem(400, "idempotency-key-missing")
        let faulty = try await house.write(path, "{}", by: TestTerritory.referent, key: "k-0")
        try faulty.expectProblem(422, "still-faulty")
        #expect(try faulty.list("errors").map { $0["location"] as? String } == ["PV1-19"])
        #expect(!faulty.text.contains(Self.name))
        let malformed = #"{"corrections": [{"location": "here", "value": "x"}]}"#
        try await house.write(path, malformed, by: TestTerritory.referent, key: "k-2").expectProblem(422, "malformed-correction")

        let repaired = try await house.write(path, #"{"corrections": [\#(visit)]}"#, by: TestTerritory.referent)
        #expect(repaired.status == 200, "\(repaired.text)")
        #expect(try repaired.string("outcome") == "accepted" && repaired.string("message") == id)
        let again = try await house.write(path, #"{"corrections": [\#(visit)]}"#, by: TestTerritory.referent)
        #expect(again.bytes == repaired.bytes)
        try await house.write(path, "{}", by: TestTerritory.referent, key: "k-3").expectProblem(409, "already-decided")
        try house.runner.catchUp()
        #expect(try await waiting(house).isEmpty)
        let found = try await house.get("/api/v1/pathways?visit=V9").json()["pathways"] as? [String]
        let pathway = try #require(found?.first)
        #expect(try await house.get("/api/v1/pathways/\(pathway)").string("status") == "admitted")
        let sentences = try await house.get("/api/v1/pathways/\(pathway)/timeline").list("entries").compactMap { $0["sentence"] as? String }
        #expect(sentences.contains { $0.hasPrefix("Message en quarantaine corrigé par") }, "\(sentences)")
        let sender = try #require(try await house.get("/api/v1/feed").list("senders").first)
        #expect(sender["quarantined"] as? Int == 1 && sender["repaired"] as? Int == 1 && sender["quarantineWaiting"] as? Int == 0)
    }

    @Test func aDiscardEndsTheQuarantine() async throws {
        let house = try await House()
        let id = try await quarantined(house)
        let path = "quarantine/\(id)/discard"
        try await house.write(path, #"{"reason": "boredom"}"#, by: TestTerritory.referent, key: "k-0").expectProblem(400, "malformed-body")
        let done = try await house.write(path, #"{"reason": "sentAgain", "note": "renvoyé"}"#, by: TestTerritory.referent)
        #expect(done.status == 200, "\(done.text)")
        try house.runner.catchUp()
        let entry = try #require(try await house.get("/api/v1/quarantine?status=discarded").list("messages").first)
        #expect(entry["reason"] as? String == "sentAgain" && entry["decidedBy"] as? String == "urn:rpps:\(TestTerritory.referent)")
        try await house.write("quarantine/\(id)/repair", "{}", by: TestTerritory.referent, key: "k-2").expectProblem(409, "already-decided")
        let metrics = try await house.get("/metrics").text
        #expect(metrics.contains(#"relais_feed_quarantine_waiting{territory="essai",application="SIMHOSP",facility="CHLVO"} 0"#))
        #expect(metrics.contains(#"relais_feed_orphans_overdue{territory="essai",application="SIMHOSP",facility="CHLVO"} 0"#))
    }

    // MARK: - Site profiles

    private let profile = """
        id: essai
        version: 1
        title: Essai
        date: "2026-11-22"
        senders:
          - {application: SIMHOSP, facility: CHLVO}
        shifts:
          - {segment: ZBE, field: 4, by: 1}

        """

    private func publish(_ yaml: String, as id: String = "essai", to house: House) async throws -> Answer {
        let headers = ["relais-actor": "urn:rpps:\(TestTerritory.referent)"]
        return try await house.send(.put, "/api/v1/site-profiles/\(id)", body: yaml, headers: headers)
    }

    @Test func aPublishedProfileRepairsWithoutACorrection() async throws {
        let house = try await House()
        let shifted = "ZBE|Z9^CHLVO|20261122080000|||INSERT|N||Cardiologie^^^^^CHLVO^UF^^^CARD||HMS"
        try await send(admission(visit: "V9^^^CHLVO^VN", zbe: shifted), to: house)
        let id = try #require(try await waiting(house).first?["id"] as? String)
        #expect(try await house.get("/api/v1/site-profiles").json().isEmpty)
        #expect(try await publish(profile, to: house).string("result") == "published")
        #expect(try await publish(profile, to: house).string("result") == "unchanged")
        let repaired = try await house.write("quarantine/\(id)/repair", "{}", by: TestTerritory.referent)
        #expect(try repaired.string("outcome") == "accepted", "\(repaired.text)")
        let listed = try #require(try await house.get("/api/v1/site-profiles").list("profiles").first)
        #expect(listed["id"] as? String == "essai" && listed["version"] as? Int == 1 && (listed["digest"] as? String)?.count == 64)
        #expect((listed["senders"] as? [[String: String]])?.first == ["application": "SIMHOSP", "facility": "CHLVO"])
    }

    @Test func aProfileWithFaultsIsNotPublished() async throws {
        let house = try await House()
        try await publish(profile, as: "autre", to: house).expectProblem(422, "other-profile")
        let faulty = try await publish(profile.replacing("by: 1", with: "by: 0"), to: house)
        try faulty.expectProblem(422, "file-errors")
        #expect(try faulty.list("errors").allSatisfy { ($0["line"] as? Int ?? 0) >= 1 })
        #expect(try await house.get("/api/v1/site-profiles").json().isEmpty)
    }

    // MARK: - Merges

    @Test func aMergeIsTakenBackByTheReferentAlone() async throws {
        let house = try await House()
        let streams = house.coordinator.streams
        func link(_ number: String) -> PatientLink {
            let identifier = LocalIdentifier(authority: "CHLVO", value: number)
            return PatientLink(identifier: identifier, stream: streams.patient(identifier).hex)
        }
        let now = house.clock.now
        let statement = Statement(recordedAt: now, sentAt: now, controlID: "A40", digest: "0")
        let merged = PatientsMerged(retired: link("P1"), survivor: link("P2"), statement: statement)
        _ = try await house.coordinator.perform(nil) { work in
            _ = try work.merge(merged, by: Author(source: "urn:finess:850099995", occurredAt: now))
            return []
        }
        let body = #"{"patient": {"authority": "CHLVO", "value": "P1"}, "survivor": {"authority": "CHLVO", "value": "P2"}}"#
        try await house.write("patients/unmerge", body, by: TestTerritory.cardiology).expectProblem(403, "referent-only")
        let done = try await house.write("patients/unmerge", body, by: TestTerritory.referent)
        #expect(done.status == 200, "\(done.text)")
        #expect(try await house.write("patients/unmerge", body, by: TestTerritory.referent).bytes == done.bytes)
        try await house.write("patients/unmerge", body, by: TestTerritory.referent, key: "k-2").expectProblem(422, "not-merged")
    }
}
