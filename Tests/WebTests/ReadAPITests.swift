import EventStore
import Foundation
import Hummingbird
import Pathways
import Testing

@testable import Web

@Suite struct ReadAPITests {
    @Test func theToDoListNowAndAsItStood() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let offered = try house.log.head().position
        let followUp = try house.followUp(.attendingGP, of: pathway)
        let path = "/api/v1/professionals/\(TestTerritory.gp)/todo"
        let before = try await house.get(path)
        #expect(try before.list("items").compactMap { $0["kind"] as? String } == ["offered"])
        #expect(try before.list("items").first?["patient"] != nil, "declared by the patient")
        house.clock.advance(minutes: 1)
        let accepted = try await house.write("follow-ups/\(followUp)/accept", by: TestTerritory.gp)
        let position = try accepted.integer("position")
        let after = try await house.get("\(path)?min-position=\(position)")
        #expect(try after.list("items").compactMap { $0["kind"] as? String } == ["accepted"])
        #expect(try await house.get("\(path)?position=\(offered)").list("items").compactMap { $0["kind"] as? String } == ["offered"])
        #expect(try await house.get("\(path)?at=2026-11-22T09:00:30%2B01:00").list("items").compactMap { $0["kind"] as? String } == ["offered"])
        #expect(try await house.get("\(path)?position=0").list("items").isEmpty)
    }

    @Test func aPoolOfferNamesNobody() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let nurse = try #require(try house.asked(try house.followUp(.nurse, of: pathway), of: pathway).first)
        let list = try await house.get("/api/v1/professionals/\(nurse)/todo")
        #expect(try list.list("items").count == 1)
        for word in ["Garnier", "Lemoine", "Solange", "1941", "Marais", "V1", "0261919001"] { #expect(!list.text.contains("\"\(word)")) }
    }

    @Test func minPositionWaitsRefusesAndGivesUp() async throws {
        let house = try await House()
        let path = "/api/v1/professionals/\(TestTerritory.gp)/todo"
        let head = try house.log.head().position
        #expect(try await house.get("\(path)?min-position=\(head)").status == 200)
        try await house.get("\(path)?min-position=\(head + 1)").expectProblem(409, "position-unknown")
        try await house.get("\(path)?min-position=soon").expectProblem(400, "malformed-parameter")

        let slow = try await House(viewsFollow: false)
        let answer = try await slow.get("\(path)?min-position=1")
        try answer.expectProblem(503, "views-behind")
        #expect(answer.headers["retry-after"] == "1")
    }

    @Test(arguments: ["123", "99999000014", "abc"])
    func toDoListsAreOfAnRPPS(rpps: String) async throws {
        try await House().get("/api/v1/professionals/\(rpps)/todo").expectProblem(422, "invalid-identifier")
    }

    @Test func theLogsHead() async throws {
        let house = try await House()
        let head = try house.log.head()
        let answer = try await house.get("/api/v1/log/head")
        #expect(try answer.integer("position") == Int(head.position))
        #expect(try answer.string("rootHash") == head.rootHash.hex)
        #expect(try answer.string("log") == "essai")
    }

    @Test func aliveReadyAndFigures() async throws {
        let house = try await House()
        #expect(try await house.get("/healthz").string("status") == "alive")
        #expect(try await house.get("/readyz").string("status") == "ready")
        let pathway = try await house.discharged()
        let metrics = try await house.get("/metrics")
        #expect(metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
        #expect(metrics.text.contains("\nrelais_log_position{territory=\"essai\"} \(try house.log.head().position)\n"))
        #expect(metrics.text.contains("relais_projection_lag_events{territory=\"essai\",projection=\"todo\"} 0\n"))
        let samples = metrics.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(samples.allSatisfy { $0.wholeMatch(of: /[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9]+/) != nil })
        for number in 0..<4 {
            _ = try await house.write(
                "follow-ups/\(try house.followUp(.nurse, of: pathway))/note",
                #"{"note":"\#(number)"}"#,
                by: TestTerritory.referent,
                key: "n\(number)"
            )
        }
        let lagging = try await house.get("/readyz")
        #expect(lagging.status == 503)
        #expect(try lagging.list("checks").contains { $0["name"] as? String == "view:todo" && $0["lag"] as? Int == 4 })
    }

    @Test func whatNobodyServesIsAProblemOnTheAPIAndAPageElsewhere() async throws {
        let house = try await House()
        try await house.get("/api/v1/nothing").expectProblem(404, "not-found")
        try await house.send(.delete, "/api/v1/territory").expectProblem(404, "not-found")
        let page = try await house.get("/rien")
        #expect(page.status == 404)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.text.contains("Cette page n’existe pas"))
    }

    @Test(arguments: [EventStoreError.Code.storageUnavailable, .diskFull])
    func storageTroubleIsToldAndNothingIsAcknowledged(code: EventStoreError.Code) async throws {
        let faults = FaultyLog.Switch()
        let house = try await House(faults: faults)
        faults.fail(with: code)
        let answer = try await house.write("pathways", House.admission)
        try answer.expectProblem(503, "storage-unavailable")
        #expect(answer.headers["retry-after"] == "5")
        faults.fail(with: nil)
        #expect(try await house.write("pathways", House.admission).status == 201)
    }

    @Test func aCopyRefusesAChangeAndSaysWhereToSendIt() async throws {
        let faults = FaultyLog.Switch()
        let house = try await House(faults: faults)
        faults.fail(with: .notTheWriter)
        let answer = try await house.write("pathways", House.admission)
        try answer.expectProblem(503, "read-only-copy")
        #expect(answer.headers["retry-after"] == "30")
        #expect(ErrorPage(Problem(.serviceUnavailable, "read-only-copy", "", "")).heading == "Ce serveur ne fait que montrer")
    }
}
