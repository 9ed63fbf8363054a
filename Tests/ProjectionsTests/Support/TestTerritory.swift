/// A small territory: two communes, six professionals, a référent-parcours.
enum TestTerritory {
    static let camille = "99999000013"
    static let antoine = "99999000021"
    static let guillaume = "99999000039"
    static let nicolas = "99999000047"
    static let amelie = "99999000054"
    static let clement = "99999000062"
    static let etienne = "99999000070"

    static let everybody = [camille, antoine, guillaume, nicolas, amelie, clement, etienne]
    static let nurses = [nicolas, amelie, clement]
    /// A team of nurses, as it is addressed: Amélie and Clément, and Nicolas in what is published with `teamOfThree`.
    static let team = "team:challans-nurses"

    /// - Parameters:
    ///   - referent: who is référent-parcours: Camille Moreau or Étienne Durand.
    ///   - without: professionals left out.
    static func yaml(
        version: Int = 1,
        referent: String = camille,
        timeZone: String = "Europe/Paris",
        nicolasFamily: String = "Besson",
        without: [String] = [],
        teamOfThree: Bool = false
    ) -> String {
        let people = [
            (camille, "Moreau", "Camille", "referent"), (etienne, "Durand", "Étienne", "referent"),
            (antoine, "Praud", "Antoine", "attending-gp"), (guillaume, "Bretaud", "Guillaume", "attending-gp"),
            (nicolas, nicolasFamily, "Nicolas", "nurse"), (amelie, "Bernard", "Amélie", "nurse"), (clement, "Pelletier", "Clément", "nurse"),
        ]
        let lines = people.filter { !without.contains($0.0) }.map {
            "  - {rpps: \"\($0.0)\", family: \($0.1), given: \($0.2), role: \($0.3), communes: all}"
        }
        let members = teamOfThree ? nurses : [amelie, clement]
        let name = referent == camille ? "Camille Moreau" : "Étienne Durand"
        return """
            id: test
            name: CPTS d'essai
            timeZone: \(timeZone)
            version: \(version)
            referent: {rpps: "\(referent)", name: \(name), phone: "0261910001"}
            communes:
              - {code: "85047", name: "Challans", postalCodes: ["85300"], population: 22494}
              - {code: "85280", name: "Sallertaine", postalCodes: ["85300"], population: 3265}
            professionals:
            \(lines.joined(separator: "\n"))
            teams:
              - id: challans-nurses
                name: Infirmiers de Challans
                role: nurse
                members: [\(members.map { "\"\($0)\"" }.joined(separator: ", "))]
                communes: ["85047"]
            hospitals:
              - finess: "850099995"
                name: Centre hospitalier (fictif)
                authorities: [CHLVO]
                senders:
                  - {application: SIMHOSP, facility: CHLVO}
                units:
                  - {code: CARD, name: Cardiologie, protocols: []}

            """
    }
}
