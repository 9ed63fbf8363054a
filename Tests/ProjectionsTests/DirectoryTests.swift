import Pathways
import Testing
import Timekeeping

@testable import Projections

@Suite struct DirectoryTests {
    typealias People = TestTerritory

    @Test func itIsReadAsItStood() async throws {
        let world = try World()
        let first = try await world.publish(People.yaml())
        let second = try await world.publish(
            People.yaml(version: 2, referent: People.etienne, nicolasFamily: "Besson-Roy", without: [People.guillaume])
        )
        try world.catchUp()
        let directory = DirectoryReader(views: try world.views())
        #expect(try directory.isKnown(People.guillaume, asOf: first) && !directory.isKnown(People.guillaume))
        #expect(try directory.isKnown(People.camille) && !directory.isKnown("10000000009") && !directory.isKnown(People.camille, asOf: 0))
        #expect(try directory.name(of: People.nicolas, asOf: first) == "Nicolas Besson")
        #expect(try directory.name(of: People.nicolas) == "Nicolas Besson-Roy")
        // Somebody who left is still called by their name in the stories of then and of now.
        #expect(try directory.name(of: People.guillaume) == "Guillaume Bretaud")
        #expect(try directory.referent(asOf: first)?.rpps == People.camille && directory.referent()?.rpps == People.etienne)
        #expect(try directory.communeName(of: "85047") == "Challans" && directory.communeName(of: "85999") == nil)
        #expect(try directory.professionals(asOf: first).count == 7 && directory.professionals().count == 6)
        let nicolas = try #require(try directory.professionals(asOf: first).first { $0.rpps == People.nicolas })
        #expect(nicolas.from == first && nicolas.to == second && nicolas.fullName == "Nicolas Besson")
        #expect(try directory.territory()?.version == 2 && directory.territory(asOf: first)?.version == 1)
        #expect(try directory.territory(asOf: 0) == nil && directory.referent(asOf: 0) == nil)
    }

    @Test func aRowThatSaysTheSameGoesOn() async throws {
        let world = try World()
        let first = try await world.publish(People.yaml())
        try await world.publish(People.yaml(version: 2))
        try world.catchUp()
        let rows = try DirectoryReader(views: try world.views()).professionals()
        #expect(rows.allSatisfy { $0.from == first && $0.to == nil })
    }
}

@Suite struct TestTerritoryTests {
    @Test func theTerritoryOfTheTestsIsValid() throws {
        for yaml in [TestTerritory.yaml(), TestTerritory.yaml(referent: TestTerritory.etienne, without: [TestTerritory.guillaume])] {
            _ = try TerritoryFile.parse(yaml: yaml, file: "test")
        }
    }
}
