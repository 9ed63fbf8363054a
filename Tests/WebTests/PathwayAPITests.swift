import EventStore
import Foundation
import Pathways
import Projections
import Testing
import Timekeeping

@testable import Web

@Suite struct PathwayAPITests {
    @Test func admitsAndTellsWhere() async throws {
        let house = try await House()
        let answer = try await house.write("pathways", House.admission)
        #expect(answer.status == 201)
        let pathway = try answer.string("pathway")
        #expect(answer.headers["location"] == "/api/v1/pathways/\(pathway)")
        #expect(try Int64(answer.integer("position")) == house.log.head().position)

        let state = try await house.get("/api/v1/pathways/\(pathway)")
        #expect(try state.string("status") == "admitted")
        #expect(try state.string("ins") == "qualified")
        #expect(try state.string("visit") == "V1")
        #expect(state.headers["cache-control"] == "no-store")
        let events = try state.list("events")
        #expect(events.last?["actor"] as? String == "urn:rpps:\(TestTerritory.cardiology)")
    }

    @Test func theSameKeyAndBodyGetTheSameBytes() async throws {
        let house = try await House()
        let first = try await house.write("pathways", House.admission)
        let head = try house.log.head().position
        house.clock.advance(minutes: 5)
        let second = try await house.write("pathways", House.admission)
        #expect(first.bytes == second.bytes)
        #expect(first.status == second.status)
        #expect(try house.log.head().position == head)
    }

    @Test func theSameKeyWithAnotherBodyOrPathIsRefusedAndRecorded() async throws {
        let house = try await House()
        let pathway = try await house.write("pathways", House.admission).string("pathway")
        let head = try house.log.head().position
        try await house.write("pathways", House.admission.replacing("V1", with: "V2")).expectProblem(422, "idempotency-key-reused")
        try await house.write("pathways/\(pathway)/discharge-planned", House.admission).expectProblem(422, "idempotency-key-reused")
        #expect(try house.log.head().position == head + 2)
    }

    @Test func writesNeedAKeyAndAnActor() async throws {
        let house = try await House()
        try await house.write("pathways", House.admission, key: nil).expectProblem(400, "idempotency-key-missing")
        try await house.write("pathways", House.admission, key: "").expectProblem(400, "idempotency-key-missing")
        try await house.write("pathways", House.admission, key: "a b").expectProblem(400, "idempotency-key-missing")
        try await house.write("pathways", House.admission, key: String(repeating: "k", count: 201)).expectProblem(400, "idempotency-key-missing")
        let anonymous = try await house.write("pathways", House.admission, by: nil)
        try anonymous.expectProblem(401, "actor-missing")
        #expect(anonymous.headers["www-authenticate"] != nil)
        try await house.write("pathways", House.admission, by: "99999000014").expectProblem(401, "actor-malformed")
        try await house.write("pathways", House.admission, by: TestTerritory.stranger).expectProblem(403, "actor-unknown")
    }

    @Test func nobodyIsKnownBeforeATerritoryIsPublished() async throws {
        try await House(publishes: false).write("pathways", House.admission).expectProblem(403, "no-territory")
    }

    @Test(arguments: [
        (#"{"#, 400, "malformed-body"), (#"[]"#, 400, "malformed-body"), (#"{"at":"2026-11-20T10:00:00+01:00"}"#, 400, "malformed-body"),
        (House.admission.replacing("2026-11-20T10:00:00+01:00", with: "yesterday"), 400, "malformed-body"),
        (House.admission.replacing("1941-05-03", with: "03/05/1941"), 422, "invalid-member"),
        (House.admission.replacing(#""sex":"F""#, with: #""sex":"X""#), 422, "invalid-member"),
        (House.admission.replacing("Lemoine", with: "  "), 422, "invalid-member"),
        (House.admission.replacing("Lemoine", with: String(repeating: "x", count: 201)), 422, "invalid-member"),
        (House.admission.replacing("269054958815780", with: "269054958815781"), 422, "invalid-identifier"),
        (
            House.admission.replacing(#""number":"269054958815780""#, with: #""number":"269054958815780","oid":"1.2.250.1.213.1.4.8""#), 422,
            "invalid-member"
        ),
        (House.admission.replacing("99999000112", with: "99999000113"), 422, "invalid-identifier"),
    ])
    func malformedAdmissionsAreRefusedWithoutTheirValues(body: String, status: Int, code: String) async throws {
        let answer = try await House().write("pathways", body)
        try answer.expectProblem(status, code)
        for value in ["Garnier", "Solange", "Lemoine", "03/05", "yesterday", "26905"] { #expect(!answer.text.contains(value)) }
    }

    @Test func tooMuchIsRefused() async throws {
        let answer = try await House().write("pathways", House.admission + String(repeating: " ", count: 70_000))
        try answer.expectProblem(413, "body-too-large")
    }

    @Test func theHospitalsStepsFollowEachOther() async throws {
        let house = try await House()
        let pathway = try await house.write("pathways", House.admission, key: "1").string("pathway")
        let planned = try await house.write("pathways/\(pathway)/discharge-planned", #"{"at":"2026-11-22T08:00:00+01:00"}"#, key: "2")
        #expect(planned.status == 200, "\(planned.text)")
        try await house.write("pathways/\(pathway)/home-return", #"{"at":"2026-11-22T08:40:00+01:00","howKnown":"visit"}"#, key: "3")
            .expectProblem(409, "not-discharged")
        let left = try await house.write("pathways/\(pathway)/discharge", #"{"at":"2026-11-22T08:30:00+01:00","destination":"home"}"#, key: "4")
        #expect(left.status == 200)
        try await house.write("pathways/\(pathway)/discharge-planned", #"{"at":"2026-11-23T08:00:00+01:00"}"#, key: "5").expectProblem(
            409,
            "not-admitted"
        )
        try await house.write("pathways/\(pathway)/home-return", #"{"at":"2026-11-21T12:00:00+01:00","howKnown":"visit"}"#, key: "6")
            .expectProblem(422, "before-discharge")
        try await house.write("pathways/\(pathway)/home-return", #"{"at":"2026-11-22T08:40:00+01:00","howKnown":"telepathy"}"#, key: "7")
            .expectProblem(400, "malformed-body")
        let home = try await house.write(
            "pathways/\(pathway)/home-return",
            #"{"at":"2026-11-22T08:40:00+01:00","howKnown":"phoneCallPatient"}"#,
            key: "8"
        )
        #expect(home.status == 200)
        #expect(try await house.get("/api/v1/pathways/\(pathway)").string("status") == "atHome")
    }

    @Test func protocolsAreApplied() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let path = "pathways/\(pathway.hex)/protocols"
        try await house.write(path, #"{"protocol":"no-such"}"#, key: "p0").expectProblem(404, "unknown-protocol")
        #expect(try await house.write(path, #"{"protocol":"heart-failure"}"#, key: "p1").status == 200)
        try await house.settle(pathway)
        let protocols = try await house.get("/api/v1/pathways/\(pathway.hex)").list("followUps").compactMap { $0["protocol"] as? String }
        #expect(Set(protocols) == ["plain-home-discharge", "heart-failure"])
    }

    @Test(arguments: ["x", "00000000000000000000000000000000"], ["", "/timeline"])
    func unknownPathwaysAreNotFound(id: String, suffix: String) async throws {
        try await House().get("/api/v1/pathways/\(id)\(suffix)").expectProblem(404, "unknown-pathway")
    }

    @Test(arguments: ["discharge", "discharge-planned", "home-return", "protocols"])
    func stepsOfUnknownPathwaysAreNotFound(step: String) async throws {
        let house = try await House()
        let body = #"{"at":"2026-11-22T08:30:00+01:00","destination":"home","howKnown":"visit","protocol":"heart-failure"}"#
        try await house.write("pathways/00000000000000000000000000000000/\(step)", body).expectProblem(404, "unknown-pathway")
    }

    @Test func pathwaysAreFoundByVisit() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        #expect(try await house.get("/api/v1/pathways?visit=V1").json()["pathways"] as? [String] == [pathway.hex])
        #expect(try await house.get("/api/v1/pathways?visit=V1&facility=CHLVO").json()["pathways"] as? [String] == [pathway.hex])
        #expect(try await house.get("/api/v1/pathways?visit=V1&facility=OTHER").json()["pathways"] as? [String] == [])
        try await house.get("/api/v1/pathways").expectProblem(400, "malformed-parameter")
    }

    @Test func pathwaysAreReadAsTheyStood() async throws {
        let house = try await House()
        let pathway = try await house.write("pathways", House.admission, key: "1").string("pathway")
        let admitted = try house.log.head().position
        house.clock.advance(minutes: 60)
        _ = try await house.write("pathways/\(pathway)/discharge", #"{"at":"2026-11-22T08:30:00+01:00","destination":"home"}"#, key: "2")
        let path = "/api/v1/pathways/\(pathway)"
        #expect(try await house.get(path).string("status") == "discharged")
        #expect(try await house.get("\(path)?position=\(admitted)").string("status") == "admitted")
        #expect(try await house.get("\(path)?at=2026-11-22T09:30:00%2B01:00").string("status") == "admitted")
        #expect(try await house.get("\(path)?at=2026-11-22T10:00:00%2B01:00").string("status") == "discharged")
        #expect(try await house.get("\(path)?occurred-by=2026-11-22T08:00:00Z").string("status") == "discharged")
        #expect(try await house.get("\(path)?occurred-by=2026-11-22T07:00:00Z").string("status") == "admitted")
        try await house.get("\(path)?at=2026-11-01T00:00:00Z").expectProblem(404, "unknown-pathway")
        try await house.get("\(path)?at=2026-11-01T00:00:00Z&position=1").expectProblem(400, "malformed-parameter")
        try await house.get("\(path)?at=noon").expectProblem(400, "malformed-parameter")
        try await house.get("\(path)?position=-1").expectProblem(400, "malformed-parameter")
    }

    @Test func theTimelineComesInPagesOfOneList() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let whole = try await house.get("/api/v1/pathways/\(pathway.hex)/timeline")
        let all = try whole.list("entries").compactMap { $0["position"] as? Int }
        #expect(all.count >= 4)
        #expect(all == all.sorted())
        #expect(try whole.json()["next"] == nil)

        var seen: [Int] = []
        var query = "?limit=2"
        while true {
            let page = try await house.get("/api/v1/pathways/\(pathway.hex)/timeline\(query)")
            seen += try page.list("entries").compactMap { $0["position"] as? Int }
            // What is recorded between two pages does not move them.
            _ = try await house.write("pathways/\(pathway.hex)/protocols", #"{"protocol":"heart-failure"}"#, key: "between")
            try house.runner.catchUp()
            guard let next = try page.json()["next"] as? String else { break }
            query = "?limit=2&cursor=\(next)"
        }
        #expect(seen == all)
        for query in ["limit=0", "limit=501", "limit=x", "cursor=x"] {
            try await house.get("/api/v1/pathways/\(pathway.hex)/timeline?\(query)").expectProblem(400, "malformed-parameter")
        }
        try await house.get("/api/v1/pathways/\(pathway.hex)/timeline?position=99999").expectProblem(409, "position-unknown")
    }
}
