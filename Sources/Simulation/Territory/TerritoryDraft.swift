import Pathways

/// The file of a synthetic territory in the making.
struct TerritoryDraft {
    struct Place {
        let commune: Commune
        let population: Int
    }

    struct Person {
        let rpps: String
        let family: String
        let given: String
        let role: CareRole
        /// Indexes of communes.
        var places: [Int]
    }

    struct Team {
        let id: String
        let name: String
        let members: [String]
        let places: [Int]
    }

    /// Units of each hospital; the first ones are found in the smallest.
    private static let units: [(code: String, name: String, protocols: String)] = [
        ("MEDE", "Médecine polyvalente", ""), ("CHIR", "Chirurgie", "surgery"), ("CARD", "Cardiologie", "heart-failure"),
        ("GERI", "Gériatrie", "elderly-75"), ("PNEU", "Pneumologie", "copd"), ("MATE", "Maternité", "maternity"),
    ]
    private static let families = ["Praud", "Besson", "Durand", "Joly", "Rousseau", "Tessier", "Girard", "Chiron", "Naud", "Potier", "Sicard"]
    private static let givens = ["Camille", "Antoine", "Léa", "Marc", "Fanny", "Jules", "Céline", "Thomas", "Amélie", "Karim", "Inès", "Yann"]

    private var random: SplitMix64
    private let places: [Place]
    private var people: [Person] = []
    private var teams: [Team] = []
    private var hospitals: [[String]] = []
    private var numbered = 1

    init(scaling demo: Territory, to inhabitants: Int, random: SplitMix64) {
        self.random = random
        places = Self.places(of: demo, inhabitants, using: &self.random)
        let total = demo.communes.map(\.population).reduce(0, +)
        people.append(person(.referent, places: []))
        for role in [CareRole.attendingGP, .nurse, .pharmacist, .midwife, .cardiologist, .pulmonologist, .physiotherapist, .socialWorker] {
            let there = demo.professionals.count { $0.role == role }
            let count = max(2, Int((Double(there) * Double(inhabitants) / Double(max(total, 1))).rounded()))
            addPeople(role, count)
        }
        addTeams()
        for _ in 0..<(inhabitants >= 60_000 ? 2 : 1) {
            hospitals.append(
                Self.units.map { _ in
                    let contact = person(.dischargingUnit, places: [])
                    people.append(contact)
                    return contact.rpps
                }
            )
        }
    }

    /// A few neighbouring communes, as many as hold about so many people; their populations are scaled to the number exactly enough.
    private static func places(of demo: Territory, _ inhabitants: Int, using random: inout SplitMix64) -> [Place] {
        let total = demo.communes.map(\.population).reduce(0, +)
        let count = min(demo.communes.count, max(2, demo.communes.count * inhabitants / max(total, 1)))
        let first = random.below(demo.communes.count)
        let chosen = (0..<count).map { demo.communes[(first + $0) % demo.communes.count] }
        let living = max(1, chosen.map(\.population).reduce(0, +))
        return chosen.map { Place(commune: $0, population: max(1, $0.population * inhabitants / living)) }
    }

    private mutating func person(_ role: CareRole, places: [Int]) -> Person {
        defer { numbered += 1 }
        return Person(
            rpps: Self.rpps(numbered),
            family: random.pick(Self.families) ?? "Praud",
            given: random.pick(Self.givens) ?? "Camille",
            role: role,
            places: places
        )
    }

    /// Each serves a commune, drawn by its inhabitants, and the next two; whoever is alone in a role serves all.
    private mutating func addPeople(_ role: CareRole, _ count: Int) {
        let weights = places.map { Double($0.population) }
        let reach = count < 4 ? places.count : min(3, places.count)
        for number in 0..<count {
            let home = number < places.count && count >= places.count ? number : random.weighted(weights)
            let served = (0..<reach).map { (home + $0) % places.count }
            people.append(person(role, places: served.sorted()))
        }
    }

    /// A third of the nurses work in practices of three to six.
    private mutating func addTeams() {
        let nurses = people.filter { $0.role == .nurse }
        var next = 0
        while next + 3 <= nurses.count, next * 3 < nurses.count {
            let size = min(nurses.count - next, random.between(3, 6))
            let members = Array(nurses[next..<next + size])
            next += size
            let served = Set(members.flatMap(\.places)).sorted()
            teams.append(
                Team(
                    id: "nurses-\(teams.count + 1)",
                    name: "Cabinet infirmier \(teams.count + 1) (fictif)",
                    members: members.map(\.rpps),
                    places: served
                )
            )
        }
    }

    // MARK: - Numbers

    /// 99999, five digits, the key: of the range kept for fiction.
    private static func rpps(_ number: Int) -> String {
        let text = "99999" + String(String(100_000 + number % 100_000).dropFirst())
        return text + luhnKey(text)
    }

    private static func luhnKey(_ digits: String) -> String {
        var sum = 0
        for (rank, digit) in digits.reversed().compactMap(\.wholeNumberValue).enumerated() {
            let doubled = digit * 2
            sum += rank.isMultiple(of: 2) ? (doubled > 9 ? doubled - 9 : doubled) : digit
        }
        return String((10 - sum % 10) % 10)
    }

    // MARK: - The file

    mutating func yaml() -> String {
        var lines = [
            "id: \(SyntheticTerritory.id)", "name: Territoire simulé", "timeZone: Europe/Paris", "version: 1",
            "referent: {rpps: \"\(people[0].rpps)\", name: \(people[0].given) \(people[0].family), phone: \"0261910001\"}", "communes:",
        ]
        for place in places {
            let variants = place.commune.nameVariants.map { "\"\($0)\"" }.joined(separator: ", ")
            let codes = place.commune.postalCodes.map { "\"\($0)\"" }.joined(separator: ", ")
            lines.append(
                "  - {code: \"\(place.commune.code)\", name: \"\(place.commune.name)\", nameVariants: [\(variants)], "
                    + "postalCodes: [\(codes)], population: \(place.population)}"
            )
        }
        lines.append("professionals:")
        for person in people {
            let served: String
            switch person.role {
            case .referent: served = ", communes: all"
            case .dischargingUnit: served = ""
            default: served = ", communes: [\(codes(person.places))]"
            }
            lines.append(
                "  - {rpps: \"\(person.rpps)\", family: \(person.family), given: \(person.given), role: \(person.role)\(served)}"
            )
        }
        lines.append(teams.isEmpty ? "teams: []" : "teams:")
        for team in teams {
            let members = team.members.map { "\"\($0)\"" }.joined(separator: ", ")
            lines.append("  - {id: \(team.id), name: \(team.name), role: nurse, members: [\(members)], communes: [\(codes(team.places))]}")
        }
        lines.append("hospitals:")
        let numbers = [("850099995", "Centre hospitalier simulé", "SIMCH"), ("440099992", "Clinique simulée", "SIMCL")]
        for (hospital, (finess, name, namespace)) in zip(hospitals, numbers) {
            lines.append("  - finess: \"\(finess)\"\n    name: \(name)\n    authorities: [\(namespace)]")
            lines.append("    senders: [{application: SIMHOSP, facility: \(namespace)}]\n    units:")
            for (unit, contact) in zip(Self.units, hospital) {
                lines.append("      - {code: \(unit.code), name: \(unit.name), contact: \"\(contact)\", protocols: [\(unit.protocols)]}")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func codes(_ indexes: [Int]) -> String { indexes.map { "\"\(places[$0].commune.code)\"" }.joined(separator: ", ") }
}
