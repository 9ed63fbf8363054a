import Pathways
import Testing

@Suite struct FileProblemTests {
    static let protocolText = """
        id: winter-visits
        version: 1
        title: Visites d’hiver
        summary: Une visite par semaine.
        date: 2026-11-01
        appliesTo: on-proposal
        sources:
          - {id: local, title: Règle locale, date: "2026", evidence: read}
        rules:
          - id: visit
            role: nurse
            title: Visiter le patient
            window: {from: J0, to: J0+7d}
            priority: normal
            answerWithinMinutes: 60
            minimumDataSet: [identity]
            source: local

        """

    static func planted(_ old: String, _ new: String) -> [String] {
        Shipped.problems(of: protocolText.replacing(old, with: new), as: "winter.yaml").map { "\($0.line):\($0.column): \($0.path)" }
    }

    @Test func acceptsTheSmallestProtocol() {
        #expect(Shipped.problems(of: Self.protocolText, as: "winter.yaml").isEmpty)
    }

    @Test(arguments: [
        ("version: 1", "version: one", ["2:10: version"]),
        ("version: 1", "version: 1\nauthor: x", ["3:1: "]),
        ("    priority: normal\n", "", ["10:5: rules[0]"]),
        ("priority: normal", "priority: low", ["14:15: rules[0].priority"]),
        ("to: J0+7d", "to: 7", ["13:28: rules[0].window.to"]),
        ("to: J0+7d", "until: J0+7d", ["13:13: rules[0].window", "13:24: rules[0].window"]),
        ("[identity]", "[identity, names]", ["16:32: rules[0].minimumDataSet"]),
        ("title: Visiter le patient", "title: Visite", ["12:12: rules[0].title"]),
        ("id: visit", "id: Visit", ["10:9: rules[0].id"]),
        ("date: \"2026\"", "date: 2026", ["8:44: sources[0].date"]),
        ("rules:", "rules: {}\nruls:", ["9:8: rules", "9:8: rules", "10:1: "]),
        ("title: Visites d’hiver", "title: [Visites]", ["3:8: title"]),
        ("title: Visites d’hiver", "title: \"Visites\\nd’hiver\"", ["3:8: title"]),
        ("title: Visites d’hiver", "title: yes", ["3:8: title"]),
        ("title: Visites d’hiver", "title:", ["3:7: title"]),
        ("id: winter-visits", "id: winter-visits\nid: again", ["1:1: "]),
        ("id: winter-visits", "\tid: winter-visits", ["1:1: "]),
        ("priority: normal", "priority: &p normal", ["14:15: "]),
    ])
    func tellsThePlace(old: String, new: String, expected: [String]) {
        #expect(Self.planted(old, new) == expected)
    }

    @Test func tellsEveryProblemAtOnceInTheOrderOfLines() {
        let text = Self.protocolText.replacing("version: 1", with: "version: x").replacing("role: nurse", with: "role: nurze")
            .replacing("source: local", with: "source: nowhere")
        let problems = Shipped.problems(of: text, as: "winter.yaml")
        #expect(problems.map(\.line) == [2, 11, 17])
        #expect(problems.map(\.path) == ["version", "rules[0].role", "rules[0].source"])
        #expect(problems[1].description == "winter.yaml:11:11: rules[0].role: « nurze » is not a known role and looks like a misspelling; nurse")
    }

    @Test func stopsTellingAtTheLimit() {
        let rules = (0..<90).map { "  - {id: r\($0)}\n" }.joined()
        let text = Self.protocolText.replacing("rules:\n", with: "rules:\n" + rules)
        #expect(Shipped.problems(of: text, as: "winter.yaml").count == FileErrors.limit)
    }

    @Test func acceptsARoleOfTheTerritorysOwn() throws {
        let text = Self.protocolText.replacing("role: nurse", with: "role: sophrologist")
        let rule = try #require(try ProtocolFile.parse(yaml: text, file: "winter.yaml").rules.first)
        #expect(rule.role == CareRole(rawValue: "sophrologist"))
        #expect(rule.role.frenchName == "sophrologist")
    }
}
