import HL7v2
import Pathways
import Timekeeping

/// Somebody who does not exist, living in a commune that does.
struct FictionalPatient: Sendable {
    private static let families = [
        "FICTIF", "INVENTÉ", "DUMODÈLE", "LEXEMPLE", "DELESSAI", "IMAGINAIRE", "LEPERSONNAGE", "DUROMAN", "CONTEUR", "LAFABLE", "DUSONGE",
        "LACHIMÈRE",
        "MIRAGE", "LÉGENDE", "DUTHÉÂTRE", "LAFICTION",
    ]
    private static let women = ["Jeanne", "Odette", "Simone", "Yvette", "Colette", "Denise", "Paulette", "Ginette", "Zoé", "Maëlle"]
    private static let men = ["Marcel", "René", "Lucien", "Roger", "André", "Gaston", "Émile", "Noël", "Gaël", "Théo"]
    private static let streets = ["rue de l’Exemple", "chemin des Essais", "impasse du Modèle", "allée de la Fable", "place du Conte"]

    let number: String
    let family: String
    let given: String
    let sex: String
    let birthDate: String
    let line: String
    let commune: Commune
    let phone: String
    let attendingGP: Professional?

    init(number: String, at unit: MedicalUnit, in territory: Territory, using random: inout some RandomNumberGenerator) {
        self.number = number
        let gaveBirth = unit.protocols.contains("maternity")
        let isWoman = Bool.random(using: &random) || gaveBirth
        sex = isWoman ? "F" : "M"
        family = Self.families.randomElement(using: &random) ?? "FICTIF"
        given = (isWoman ? Self.women : Self.men).randomElement(using: &random) ?? "Camille"
        let year = Int.random(in: gaveBirth ? 1985...2005 : 1930...1990, using: &random)
        birthDate = "\(year)\(Self.two(Int.random(in: 1...12, using: &random)))\(Self.two(Int.random(in: 1...28, using: &random)))"
        line = "\(Int.random(in: 1...99, using: &random)) \(Self.streets.randomElement(using: &random) ?? "rue de l’Exemple")"
        let home = Self.home(in: territory, using: &random)
        commune = home
        // 02 61 91 xx xx: a range kept for fiction.
        phone = "026191\(Self.two(Int.random(in: 0...99, using: &random)))\(Self.two(Int.random(in: 0...99, using: &random)))"
        let doctors = territory.professionals.filter { $0.role == .attendingGP && $0.communes.contains(home.code) }
        attendingGP = Int.random(in: 0..<10, using: &random) < 8 ? doctors.randomElement(using: &random) : nil
    }

    /// Weighted by inhabitants.
    private static func home(in territory: Territory, using random: inout some RandomNumberGenerator) -> Commune {
        let total = territory.communes.map(\.population).reduce(0, +)
        var ticket = Int.random(in: 0..<max(total, 1), using: &random)
        for commune in territory.communes {
            ticket -= commune.population
            if ticket < 0 { return commune }
        }
        return territory.communes[0]
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
