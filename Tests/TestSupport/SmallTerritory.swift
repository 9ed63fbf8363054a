/// A territory file of three communes: nurses, pharmacists and doctors cover Challans, nobody covers La Garnache, and two hospital units
/// propose a protocol or none.
public struct SmallTerritory: Sendable {
    public struct Person: Sendable {
        public let rpps: String
        public let role: String
        public var communes: [String]
        /// Written as in the file: `{from: 2026-11-10, to: 2026-11-20}`.
        public var absences: [String] = []

        public init(rpps: String, role: String, communes: [String], absences: [String] = []) {
            self.rpps = rpps
            self.role = role
            self.communes = communes
            self.absences = absences
        }
    }

    public struct Team: Sendable {
        public let id: String
        public let role: String
        public let members: [String]
        public var communes: [String]

        public init(id: String, role: String, members: [String], communes: [String] = ["85047"]) {
            self.id = id
            self.role = role
            self.members = members
            self.communes = communes
        }
    }

    public var version = 1
    public var name = "CPTS d'essai"
    public var people: [Person] = Self.usual
    /// The FINESS of the hospital, to be spoilt.
    public var finess = "850099995"
    public var teams: [Team] = []
    /// Written as in the file: `{from: "20:00", to: "07:00"}`.
    public var quietHours: String?

    public init() {}

    public static let usual: [Person] =
        [
            Person(rpps: Staff.referent, role: "referent", communes: ["85047", "85096", "85280"]),
            Person(rpps: Staff.unitContact, role: "discharging-unit", communes: []),
        ]
        + Staff.gps.map { Person(rpps: $0, role: "attending-gp", communes: ["85047"]) }
        + Staff.nurses.map { Person(rpps: $0, role: "nurse", communes: ["85047", "85280"]) }
        + Staff.pharmacists.map { Person(rpps: $0, role: "pharmacist", communes: ["85047"]) }

    /// The people of a role who cover a commune.
    public func covering(_ commune: String, _ role: String) -> [String] {
        people.filter { $0.role == role && $0.communes.contains(commune) }.map(\.rpps)
    }

    public mutating func setAbsence(of rpps: String, _ absence: String) {
        for index in people.indices where people[index].rpps == rpps { people[index].absences.append(absence) }
    }

    public var yaml: String {
        let lines = people.map { person in
            let communes = Self.list(person.communes)
            let absences = person.absences.isEmpty ? "" : ", absences: [\(person.absences.joined(separator: ", "))]"
            return "  - {rpps: \"\(person.rpps)\", family: Essai, given: Camille, role: \(person.role), communes: [\(communes)]\(absences)}"
        }
        let teamLines = teams.map { team in
            "  - {id: \(team.id), name: Équipe d'essai, role: \(team.role), members: [\(Self.list(team.members))], communes: [\(Self.list(team.communes))]}"
        }
        return """
            id: test-territory
            name: \(name)
            timeZone: Europe/Paris
            version: \(version)
            \(quietHours.map { "quietHours: \($0)" } ?? "")
            referent: {rpps: "\(Staff.referent)", name: Camille Essai}
            communes:
              - {code: "85047", name: Challans, postalCodes: ["85300"], population: 22494}
              - {code: "85280", name: Sallertaine, postalCodes: ["85300"], population: 3265}
              - {code: "85096", name: La Garnache, postalCodes: ["85710"], population: 5316}
            professionals:
            \(lines.joined(separator: "\n"))
            teams:\(teams.isEmpty ? " []" : "")
            \(teamLines.joined(separator: "\n"))
            hospitals:
              - finess: "\(finess)"
                name: Centre hospitalier d'essai
                authorities: [CHT]
                senders: [{application: SIMHOSP, facility: CHT}]
                units:
                  - {code: MEDE, name: Médecine, contact: "\(Staff.unitContact)", protocols: []}
                  - {code: CARD, name: Cardiologie, protocols: [heart-failure]}

            """
    }

    private static func list(_ texts: [String]) -> String { texts.map { "\"\($0)\"" }.joined(separator: ", ") }
}
