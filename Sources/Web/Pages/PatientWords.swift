import FrenchText

/// Who a patient is and where they live, in a line each.
enum PatientWords {
    /// « Femme, 3 mai 1948, née Dupont ».
    static func identity(birthDate: String?, sex: String?, birthName: String?) -> String {
        let kind =
            switch sex {
            case "F": "Femme"
            case "M": "Homme"
            default: "Sexe non précisé"
            }
        let born = sex == "F" ? "née" : sex == "M" ? "né" : "né·e"
        let date = birthDate.map { "\(born) le \(FrenchClock.date($0))" }
        return [kind, date, birthName.map { "nom de naissance \($0)" }].compactMap(\.self).joined(separator: ", ")
    }

    /// Nil when nothing is known.
    static func address(line: String?, postalCode: String?, city: String?) -> String? {
        let town = [postalCode, city].compactMap(\.self).joined(separator: " ")
        let words = [line, town].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ", ")
        return words.isEmpty ? nil : words
    }
}
