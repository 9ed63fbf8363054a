import Pathways
import Testing

@Suite struct TerritoryDifferenceTests {
    @Test func nothingChangesWithTheVersionAlone() throws {
        let old = try Shipped.territory.get()
        let new = try Self.changed("version: 1", "version: 2")
        #expect(TerritoryDifference(from: old, to: old).isEmpty)
        #expect(TerritoryDifference(from: old, to: new).isEmpty)
        #expect(old != new)
    }

    @Test func atFirstAllIsAdded() throws {
        let territory = try Shipped.territory.get()
        let difference = TerritoryDifference(from: nil, to: territory)
        let things = territory.communes.count + territory.professionals.count + territory.teams.count + territory.hospitals.count
        #expect(difference.lines.count == 1 + things)
        #expect(difference.lines.allSatisfy { $0.kind == .added })
        #expect(
            difference.description.hasPrefix("+ territory clvo-demo CPTS Loire Vendée Océan (démonstration)\n+ commune 44087 Machecoul-Saint-Même\n")
        )
    }

    @Test(arguments: [
        ("population: 7642", "population: 7700", "~ commune 44087 Machecoul-Saint-Même: population 7642 → 7700"),
        ("nameVariants: [\"Machecoul\"], ", "", "~ commune 44087 Machecoul-Saint-Même: name variants Machecoul → none"),
        ("name: CPTS Loire Vendée Océan (démonstration)", "name: CPTS", "~ territory: name CPTS Loire Vendée Océan (démonstration) → CPTS"),
        (
            "absences: [{from: 2026-12-24, to: 2026-12-26}]", "absences: []",
            ": absences 2026-12-24T00:00:00+01:00/2026-12-27T00:00:00+01:00 → none"
        ),
        ("protocols: [heart-failure]", "protocols: []", " [heart-failure], CHIR"),
    ])
    func tellsWhatChanges(old: String, new: String, line: String) throws {
        let difference = TerritoryDifference(from: try Shipped.territory.get(), to: try Self.changed(old, new))
        #expect(difference.lines.count == 1)
        #expect(difference.description.contains(line), "\(difference)")
    }

    @Test func tellsWhoComesAndGoes() throws {
        let old = try CandidateTests.territory(absences: [:])
        let kept = old.professionals.filter { $0.rpps.value != "99999000054" }
        let comer = Professional(rpps: try RPPS("10000023084"), family: "Martin", given: "Anne", role: .midwife, communes: [])
        let new = Territory(
            id: old.id,
            name: old.name,
            timeZone: old.timeZone,
            version: 2,
            referent: old.referent,
            communes: old.communes,
            professionals: kept + [comer],
            teams: old.teams,
            hospitals: old.hospitals
        )
        let difference = TerritoryDifference(from: old, to: new)
        #expect(difference.lines.map(\.description) == ["+ professional 10000023084 Anne Martin", "- professional 99999000054 G F"])
    }

    static func changed(_ old: String, _ new: String) throws -> Territory {
        let text = try #require(Shipped.text(of: "demo-territory.yaml"))
        let range = try #require(text.firstRange(of: old))
        return try TerritoryFile.parse(yaml: text.replacingCharacters(in: range, with: new), file: "demo-territory.yaml")
    }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
        var copy = self
        copy.replaceSubrange(range, with: text)
        return copy
    }
}
