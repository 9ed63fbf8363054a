import Coordination
import EventStore
import Pathways
import Testing

@testable import Web

@Suite struct AbsenceAPITests {
    private static let path = "professionals/\(TestTerritory.nurse)/absences"
    private static let week = #"{"from":"2026-11-22T00:00:00+01:00","to":"2026-11-29T00:00:00+01:00"}"#

    private func order(of followUp: String, _ pathway: StreamID, _ house: House) throws -> [String] {
        let assignment = try house.coordinator.loader.pathway(pathway).state.followUp(followUp)?.assignment
        return try #require(assignment).order
    }

    @Test func whoIsAwayIsNotAsked() async throws {
        let house = try await House()
        let declared = try await house.write(Self.path, Self.week, by: TestTerritory.nurse, key: "a")
        #expect(declared.status == 200, "\(declared.text)")
        let pathway = try await house.discharged()
        let visit = try house.followUp(.nurse, of: pathway)
        #expect(try !order(of: visit, pathway, house).contains(TestTerritory.nurse))
    }

    @Test func theReplacementStandsIn() async throws {
        let house = try await House()
        for (index, rpps) in [TestTerritory.nurse, TestTerritory.otherNurse, TestTerritory.thirdNurse].enumerated() {
            let body = """
                {"from":"2026-11-22T00:00:00+01:00","to":"2026-11-29T00:00:00+01:00","replacement":"\(TestTerritory.fourthNurse)"}
                """
            #expect(try await house.write("professionals/\(rpps)/absences", body, by: TestTerritory.referent, key: "\(index)").status == 200)
        }
        let pathway = try await house.discharged()
        #expect(try house.asked(try house.followUp(.nurse, of: pathway), of: pathway) == [TestTerritory.fourthNurse])
    }

    @Test func anAbsenceEndsBeforeItsTime() async throws {
        let house = try await House()
        #expect(try await house.write(Self.path, Self.week, by: TestTerritory.nurse, key: "a").status == 200)
        let end = #"{"from":"2026-11-22T00:00:00+01:00","at":"2026-11-22T00:00:00+01:00"}"#
        #expect(try await house.write("\(Self.path)/ended", end, by: TestTerritory.nurse, key: "b").status == 200)
        let pathway = try await house.discharged()
        let visit = try house.followUp(.nurse, of: pathway)
        #expect(try order(of: visit, pathway, house).contains(TestTerritory.nurse))
    }

    @Test func refusalsSayWhy() async throws {
        let house = try await House()
        try await house.write(Self.path, Self.week, by: TestTerritory.otherNurse, key: "a").expectProblem(403, "referent-only")
        let backwards = #"{"from":"2026-11-29T00:00:00+01:00","to":"2026-11-22T00:00:00+01:00"}"#
        try await house.write(Self.path, backwards, by: TestTerritory.nurse, key: "b").expectProblem(422, "invalid-absence")
        try await house.write(Self.path, #"{"from":"2026-11-29T00:00:00+01:00"}"#, by: TestTerritory.nurse, key: "c").expectProblem(
            400,
            "malformed-body"
        )
        let end = #"{"from":"2026-11-22T00:00:00+01:00"}"#
        try await house.write("\(Self.path)/ended", end, by: TestTerritory.nurse, key: "d").expectProblem(404, "unknown-absence")
        let stranger = "professionals/\(TestTerritory.stranger)/absences"
        try await house.write(stranger, Self.week, by: TestTerritory.referent, key: "e").expectProblem(404, "unknown-professional")
        try await house.write("professionals/123/absences", Self.week, by: TestTerritory.referent, key: "f").expectProblem(422, "invalid-identifier")
    }
}
