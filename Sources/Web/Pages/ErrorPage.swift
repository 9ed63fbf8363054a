import Hummingbird

/// A page that tells kindly what went wrong and what to do.
struct ErrorPage: PageModel, Hashable {
    static let template = PageTemplate.error

    let head: PageHead
    let heading: String
    let words: String
    let advice: String

    init(heading: String, words: String, advice: String, caller: PageHead.Badge? = nil) {
        head = PageHead(title: heading, caller: caller)
        self.heading = heading
        self.words = words
        self.advice = advice
    }

    init(_ problem: Problem) {
        switch (problem.code, problem.status) {
        case ("pathway-not-yours", _):
            self.init(
                heading: "Ce parcours ne vous est pas ouvert",
                words:
                    "Vous ne faites pas partie des professionnels qui prennent en charge ce patient, ou vous n’avez pas encore accepté sa demande.",
                advice:
                    "Si une demande vous attend, acceptez-la dans « À faire » : le parcours s’ouvrira. Sinon, le référent-parcours peut vous aider."
            )
        case ("referent-only", _):
            self.init(
                heading: "Cette page est au référent-parcours",
                words: "Elle montre ce qui concerne tout le territoire.",
                advice: "Revenez à « À faire » : tout ce qui vous concerne s’y trouve."
            )
        case ("cross-site-request", _), ("foreign-host", _):
            self.init(
                heading: "Cette demande vient d’un autre site",
                words: "Par prudence, elle n’a pas été prise en compte. Rien n’a changé.",
                advice: "Revenez à « À faire » et recommencez depuis la page."
            )
        case ("read-only-copy", _):
            self.init(
                heading: "Ce serveur ne fait que montrer",
                words: "Il suit le serveur de votre territoire et n’enregistre rien lui-même. Rien n’a changé.",
                advice: "Ouvrez l’adresse habituelle de Relais et recommencez. Si elle ne répond pas, prévenez la personne qui s’occupe de Relais."
            )
        case (_, .notFound):
            self.init(
                heading: "Cette page n’existe pas",
                words: "L’adresse est peut-être incomplète, ou le parcours n’est pas connu ici.",
                advice: "Revenez à « À faire » : tout ce qui vous concerne s’y trouve."
            )
        case (_, let status) where status.code >= 500:
            self.init(
                heading: "Le service est momentanément indisponible",
                words: "Ce que vous venez d’envoyer n’a peut-être pas été enregistré.",
                advice: "Patientez quelques secondes, revenez à « À faire » et vérifiez avant de recommencer."
            )
        default:
            self.init(
                heading: "Cette demande n’a pas été comprise",
                words: "Rien n’a changé.",
                advice: "Revenez à « À faire » et recommencez depuis la page."
            )
        }
    }
}
