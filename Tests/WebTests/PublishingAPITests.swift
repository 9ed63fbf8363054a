import EventStore
import Hummingbird
import Pathways
import Testing

@testable import Web

@Suite struct PublishingAPITests {
    private func put(_ path: String, _ yaml: String, by actor: String? = "urn:rpps:\(TestTerritory.referent)", to house: House) async throws -> Answer
    {
        try await house.send(.put, "/api/v1/\(path)", body: yaml, headers: actor.map { ["relais-actor": $0] } ?? [:])
    }

    @Test func territoryIsPublishedOnceAndSaysWhatChanged() async throws {
        let house = try await House()
        let unchanged = try await put("territory", TestTerritory.yaml(), to: house)
        #expect(try unchanged.string("result") == "unchanged")
        let changed = try await put("territory", TestTerritory.yaml(version: 2, nurseFamily: "Nau"), to: house)
        #expect(try changed.string("result") == "published", "\(changed.text)")
        #expect(try changed.json()["difference"] as? [String] != [])
        #expect(try Int64(changed.integer("position")) == house.log.head().position)
    }

    @Test func theOperatorPublishesTheFirst() async throws {
        let house = try await House(publishes: false)
        try await put("territory", TestTerritory.yaml(), to: house).expectProblem(403, "no-territory")
        try await put("territory", TestTerritory.yaml(), by: nil, to: house).expectProblem(401, "actor-missing")
        #expect(try await put("territory", TestTerritory.yaml(), by: PublishingRoutes.operatorURN, to: house).string("result") == "published")
    }

    /// Only the référent-parcours and the operator publish; whoever else is known is told so, and nothing is recorded.
    @Test(arguments: ["territory", "protocols/copd", "site-profiles/test-site"])
    func nobodyElsePublishes(_ path: String) async throws {
        let house = try await House()
        let head = try house.log.head().position
        let answer = try await put(path, TestTerritory.yaml(version: 2), by: "urn:rpps:\(TestTerritory.nurse)", to: house)
        #expect(answer.status == 403)
        try await put(path, TestTerritory.yaml(version: 2), by: nil, to: house).expectProblem(401, "actor-missing")
        #expect(try house.log.head().position == head)
    }

    @Test func faultsComeWithTheirLines() async throws {
        let answer = try await put("territory", "id: x\nname: 3\n", to: try await House())
        try answer.expectProblem(422, "file-errors")
        let errors = try answer.list("errors")
        #expect(!errors.isEmpty)
        #expect(errors.allSatisfy { ($0["line"] as? Int ?? 0) >= 1 && $0["file"] as? String == "territory.yaml" })
    }

    @Test func protocolsArePublishedUnderTheirId() async throws {
        let house = try await House()
        let copd = try #require(BundledFiles.protocols.first { $0.name == "copd.yaml" }).yaml
        #expect(try await put("protocols/copd", copd, to: house).string("result") == "published")
        #expect(try await put("protocols/copd", copd, to: house).string("result") == "unchanged")
        try await put("protocols/other", copd, to: house).expectProblem(422, "other-protocol")
        try await put("protocols/copd", "id: copd\n", to: house).expectProblem(422, "file-errors")
        try await put("protocols/copd", copd, by: "urn:rpps:\(TestTerritory.stranger)", to: house).expectProblem(403, "actor-unknown")
    }
}
