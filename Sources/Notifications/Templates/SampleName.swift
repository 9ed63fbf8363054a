/// How an invented patient is called.
struct SampleName: Sendable {
    let family: String
    let used: String?
    let given: String
    let sex: String
    let birthDate: String

    static func random(using chance: inout SeededChance) -> SampleName {
        let sex = chance.pick(["F", "M", "U"], otherwise: "U")
        let year = Int.random(in: 1_920...2_025, using: &chance)
        let date = "\(year)-0\(Int.random(in: 1...9, using: &chance))-1\(Int.random(in: 0...9, using: &chance))"
        return SampleName(
            family: chance.pick(families, otherwise: "Martin"),
            used: Bool.random(using: &chance) ? chance.pick(families, otherwise: "Martin") : nil,
            given: chance.pick(givens, otherwise: "Jeanne"),
            sex: sex,
            birthDate: date
        )
    }

    private static let families = [
        "Guérineau", "Le Floc’h", "L'Hermitte", "D’Haène-Noël", "Ñuñez", "Ÿ", "O", "A", "De La Tour du Pin", "Brûlé", "Müller-Straße",
        "MARTIN",
        "Nouvelle", "Demande", "Urgent", "Vous", "Avez", "Rappel", "Information", "Petit", "Marin  Double", "N'Guyen", "Çelik", "Œuvrard",
        "Lepoids",
    ]
    private static let givens = [
        "Marie-Thérèse", "Jean-Noël", "Zoé", "Ô", "E", "Anaïs", "Réponse", "Link", "Maël", "François-Xavier", "Loïc", "D’Arcy", "Inès",
        "Fièvre",
        "Chloé\nMarthe",
    ]
}
