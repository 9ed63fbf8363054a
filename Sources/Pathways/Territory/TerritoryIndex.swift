/// Where things stand in a territory's lists. Derived from them, so it takes no part in equality.
struct TerritoryIndex: Sendable {
    let communes: [CommuneCode: Int]
    let communesByPostalCode: [String: [Int]]
    let communesByName: [String: [Int]]
    let professionals: [RPPS: Int]
    /// The professionals of a role who cover a commune, in the order of the list.
    let coverage: [Coverage: [Int]]
    let teamsOfMember: [RPPS: [String]]
    /// By FINESS, namespace and universal id.
    let hospitals: [String: Int]
    let senders: Set<HL7Sender>

    struct Coverage: Sendable, Hashable {
        let role: CareRole
        let commune: CommuneCode
    }

    init(communes: [Commune], professionals: [Professional], teams: [Team], hospitals: [Hospital]) {
        self.communes = Self.firsts(communes.map(\.code))
        self.professionals = Self.firsts(professionals.map(\.rpps))
        communesByPostalCode = Self.groups(communes) { Set($0.postalCodes) }
        communesByName = Self.groups(communes) { Set(([$0.name] + $0.nameVariants).map(CommuneName.normalised)) }
        coverage = Self.groups(professionals) { professional in
            Set(professional.communes.map { Coverage(role: professional.role, commune: $0) })
        }
        var teamsOfMember: [RPPS: [String]] = [:]
        for team in teams {
            for member in team.members { teamsOfMember[member, default: []].append(team.id) }
        }
        self.teamsOfMember = teamsOfMember
        var byAuthority: [String: Int] = [:]
        for (position, hospital) in hospitals.enumerated() {
            for name in [hospital.finess.value] + hospital.authorities where byAuthority[name] == nil { byAuthority[name] = position }
        }
        self.hospitals = byAuthority
        senders = Set(hospitals.flatMap(\.senders))
    }

    private static func firsts<Key: Hashable>(_ keys: [Key]) -> [Key: Int] {
        Dictionary(zip(keys, keys.indices), uniquingKeysWith: { first, _ in first })
    }

    private static func groups<Element, Key: Hashable>(_ elements: [Element], by keys: (Element) -> Set<Key>) -> [Key: [Int]] {
        var groups: [Key: [Int]] = [:]
        for (position, element) in elements.enumerated() {
            for key in keys(element) { groups[key, default: []].append(position) }
        }
        return groups
    }
}
