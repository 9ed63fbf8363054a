public import Pathways

/// Somebody who does not exist, living in a commune that does.
public struct FictionalPatient: Sendable {
    private static let families = [
        "FICTIF", "INVENTÉ", "DUMODÈLE", "LEXEMPLE", "DELESSAI", "IMAGINAIRE", "LEPERSONNAGE", "DUROMAN", "CONTEUR", "LAFABLE", "DUSONGE",
        "LACHIMÈRE", "MIRAGE", "LÉGENDE", "DUTHÉÂTRE", "LAFICTION",
    ]
    private static let women = ["Jeanne", "Odette", "Simone", "Yvette", "Colette", "Denise", "Paulette", "Ginette", "Zoé", "Maëlle"]
    private static let men = ["Marcel", "René", "Lucien", "Roger", "André", "Gaston", "Émile", "Noël", "Gaël", "Théo"]
    private static let streets = ["rue de l’Exemple", "chemin des Essais", "impasse du Modèle", "allée de la Fable", "place du Conte"]

    /// As the hospital numbers them (PID-3 `PI`).
    public var number: String
    public let family: String
    public let given: String
    /// HL7 table 0001.
    public let sex: String
    /// `YYYYMMDD`.
    public let birthDate: String
    public let line: String
    public let commune: Commune
    public let phone: String
    public let attendingGP: Professional?

    /// - Parameter unit: where they stay: it tells a little of who they are.
    public init(number: String, at unit: MedicalUnit, in territory: Territory, using random: inout SplitMix64) {
        self.number = number
        let gaveBirth = unit.protocols.contains("maternity")
        let isWoman = random.chance(0.5) || gaveBirth
        sex = isWoman ? "F" : "M"
        family = random.pick(Self.families) ?? "FICTIF"
        given = random.pick(isWoman ? Self.women : Self.men) ?? "Camille"
        let year = gaveBirth ? random.between(1985, 2005) : random.between(1930, 1990)
        birthDate = "\(year)\(Self.two(random.between(1, 12)))\(Self.two(random.between(1, 28)))"
        line = "\(random.between(1, 99)) \(random.pick(Self.streets) ?? "rue de l’Exemple")"
        let home = territory.communes[random.weighted(territory.communes.map { Double($0.population) })]
        commune = home
        // 02 61 91 xx xx: a range kept for fiction.
        phone = "026191\(Self.two(random.between(0, 99)))\(Self.two(random.between(0, 99)))"
        let doctors = territory.professionals.filter { $0.role == .attendingGP && $0.communes.contains(home.code) }
        attendingGP = random.chance(0.8) ? random.pick(doctors) : nil
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
