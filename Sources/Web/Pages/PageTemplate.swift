/// The templates that draw a whole page.
enum PageTemplate: String, CaseIterable {
    case home = "accueil"
    case territories = "territoires"
    case toDo = "a_faire"
    case pathway = "parcours"
    case why = "pourquoi"
    case preferences = "notifications"
    case stopped = "arretees"
    case error = "erreur"
}
