import EventStore
import Pathways
import Testing

@testable import Web

@Suite struct FollowUpAPITests {
    @Test func isAcceptedNotedAndCompleted() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let nurse = try #require(try house.asked(followUp, of: pathway).first)
        let accepted = try await house.write("follow-ups/\(followUp)/accept", by: nurse, key: "a")
        #expect(accepted.status == 200, "\(accepted.text)")
        #expect(try accepted.string("followUp") == followUp)
        #expect(try await house.write("follow-ups/\(followUp)/note", #"{"note":"Digicode à demander"}"#, by: nurse, key: "n").status == 200)
        let body = #"{"at":"2026-11-22T08:50:00+01:00","outcome":"done"}"#
        #expect(try await house.write("follow-ups/\(followUp)/complete", body, by: nurse, key: "c").status == 200)
        let state = try await house.get("/api/v1/pathways/\(pathway.hex)")
        #expect(try state.list("followUps").first { $0["id"] as? String == followUp }?["status"] as? String == "done")
        #expect(try state.string("status") == "atHome", "the first visit tells that the patient is at home")
    }

    @Test func theFirstAcceptanceWinsAndTheOthersAreTold() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let asked = try house.asked(followUp, of: pathway)
        try #require(asked.count > 1)
        #expect(try await house.write("follow-ups/\(followUp)/accept", by: asked[0], key: "a").status == 200)
        try await house.write("follow-ups/\(followUp)/accept", by: asked[1], key: "b").expectProblem(409, "already-accepted")
        #expect(try await house.write("follow-ups/\(followUp)/accept", by: asked[0], key: "c").status == 200, "accepting twice is accepting")
    }

    @Test func declining() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        let nurse = try #require(try house.asked(followUp, of: pathway).first)
        try await house.write("follow-ups/\(followUp)/decline", #"{"reason":"bored"}"#, by: nurse, key: "a").expectProblem(400, "malformed-body")
        try await house.write("follow-ups/\(followUp)/decline", by: nurse, key: "b").expectProblem(400, "malformed-body")
        #expect(try await house.write("follow-ups/\(followUp)/decline", #"{"reason":"noCapacity"}"#, by: nurse, key: "c").status == 200)
        #expect(try !house.asked(followUp, of: pathway).contains(nurse))
        #expect(
            try await house.write("follow-ups/\(followUp)/accept", by: nurse, key: "d").status == 200,
            "one may change one’s mind while it is open"
        )
    }

    @Test func onlyThoseConcernedMayAct() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.nurse, of: pathway)
        try await house.write("follow-ups/\(followUp)/accept", by: TestTerritory.pharmacist, key: "a").expectProblem(409, "not-offered")
        let body = #"{"at":"2026-11-22T08:50:00+01:00","outcome":"done"}"#
        try await house.write("follow-ups/\(followUp)/complete", body, by: TestTerritory.pharmacist, key: "b").expectProblem(409, "not-yours")
        #expect(try await house.write("follow-ups/\(followUp)/accept", by: TestTerritory.referent, key: "c").status == 200)
        #expect(try await house.write("follow-ups/\(followUp)/complete", body, by: TestTerritory.referent, key: "d").status == 200)
        try await house.write("follow-ups/\(followUp)/accept", by: TestTerritory.nurse, key: "e").expectProblem(409, "already-closed")
    }

    @Test func acknowledgingAWithdrawal() async throws {
        let house = try await House()
        let pathway = try await house.discharged()
        let followUp = try house.followUp(.attendingGP, of: pathway)
        #expect(try await house.write("follow-ups/\(followUp)/acknowledge", by: TestTerritory.gp, key: "a").status == 200)
    }

    @Test(arguments: ["accept", "decline", "complete", "note", "acknowledge", "solicit-again"])
    func unknownFollowUpsKeysAndActors(verb: String) async throws {
        let house = try await House()
        let body = #"{"at":"2026-11-22T08:50:00+01:00","outcome":"done","reason":"absent","note":"x"}"#
        try await house.write("follow-ups/none/\(verb)", body, by: TestTerritory.nurse).expectProblem(404, "unknown-follow-up")
        try await house.write("follow-ups/none/\(verb)", body, by: TestTerritory.nurse, key: nil).expectProblem(400, "idempotency-key-missing")
        try await house.write("follow-ups/none/\(verb)", body, by: nil).expectProblem(401, "actor-missing")
        try await house.write("follow-ups/none/\(verb)", body, by: TestTerritory.stranger).expectProblem(403, "actor-unknown")
    }

    @Test(arguments: [#"{"note":""}"#, #"{"note":"   "}"#, #"{"note":"\#(String(repeating: "a", count: 2_001))"}"#])
    func notesHaveBounds(body: String) async throws {
        try await House().write("follow-ups/none/note", body, by: TestTerritory.nurse).expectProblem(422, "invalid-member")
    }
}
