/// The templates that draw a whole page.
enum PageTemplate: String, CaseIterable {
    case home = "accueil"
    case toDo = "a_faire"
    case pathway = "parcours"
    case error = "erreur"
}
