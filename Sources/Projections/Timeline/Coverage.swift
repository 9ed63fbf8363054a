/// Why nobody is asked, in words: the codes of `Assignment.reason`.
enum Coverage {
    /// The code itself where it is of a later release.
    static func french(_ code: String) -> String {
        switch code {
        case "everybody-asked": "tout le monde a été sollicité"
        case "nobody-on-duty": "personne n’est disponible en ce moment"
        case "nobody-covers-commune": "personne n’est disponible dans ce territoire"
        case "declared-not-in-directory": "le professionnel du patient n’est pas dans l’annuaire"
        case "declared-absent": "le professionnel du patient est absent"
        case "referent-role": "c’est une tâche du référent-parcours"
        case "unit-without-contact": "l’unité n’a pas de correspondant"
        case "abroad", "code-outside", "postal-code-outside": "le patient habite hors du territoire"
        case "address-missing": "l’adresse du patient n’est pas connue"
        case "postal-code-missing", "postal-code-malformed", "city-missing", "city-unknown-for-postal-code", "postal-code-and-city-disagree",
            "several-communes":
            "l’adresse du patient est à préciser"
        default: code
        }
    }
}
