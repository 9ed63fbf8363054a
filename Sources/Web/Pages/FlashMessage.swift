/// What a page tells after a form was sent. Addresses carry the code, never the text.
enum FlashMessage: String, CaseIterable, Sendable {
    case accepted = "accepte"
    case declined = "decline"
    case givenBack = "rendu"
    case done = "fait"
    case seen = "vu"
    case homeReturnConfirmed = "retour-confirme"
    case protocolApplied = "protocole-applique"
    case alertReported = "alerte-signalee"
    case prescriptionReported = "ordonnance-signalee"
    case prescriptionObtained = "ordonnance-recue"
    case solicitedAgain = "nouvelle-sollicitation"
    case soon = "bientot"
    case takenByAnother = "deja-pris"
    case closed = "deja-termine"
    case notOffered = "plus-propose"
    case sentOtherwise = "deja-envoye"
    case onHold = "rehospitalise"
    case notOfTheTeam = "hors-equipe"
    case referentOnly = "referent-seulement"
    case pathwayClosed = "parcours-termine"
    case reasonMissing = "motif-manquant"
    case signMissing = "signe-manquant"
    case outcomeMissing = "resultat-manquant"
    case dateUnreadable = "date-illisible"
    case dateInFuture = "date-future"
    case beforeDischarge = "avant-sortie"
    case notDischarged = "pas-sorti"
    case noteTooLong = "note-trop-longue"
    case channelsSet = "notifications-enregistrees"
    case channelsUnreadable = "moyens-illisibles"
    case orderTwice = "ordre-double"
    case addressMissing = "adresse-manquante"
    case addressRefused = "adresse-refusee"
    case hoursUnreadable = "heures-illisibles"
    case triedAgain = "nouvel-essai"
    case nothingToTry = "rien-a-reessayer"
    case unknownPerson = "inconnu"
    case whoAreYou = "qui"

    /// Something did not happen as asked.
    var isWarning: Bool {
        switch self {
        case .accepted, .declined, .givenBack, .done, .seen, .homeReturnConfirmed, .protocolApplied, .alertReported, .prescriptionReported,
            .prescriptionObtained, .solicitedAgain, .soon, .channelsSet, .triedAgain:
            false
        default: true
        }
    }

    var text: String {
        switch self {
        case .accepted: "C’est noté : vous prenez ce suivi en charge."
        case .declined: "C’est noté : vous ne prenez pas ce suivi. La demande continue son chemin."
        case .givenBack: "C’est noté : vous avez rendu ce suivi. La demande continue son chemin."
        case .done: "C’est noté. Merci pour ce retour."
        case .seen: "C’est noté : vous avez vu ce retrait."
        case .homeReturnConfirmed: "C’est noté : le retour à domicile est confirmé."
        case .protocolApplied: "C’est noté : le protocole s’applique. Les suivis apparaissent dans un instant."
        case .alertReported: "C’est noté : le signe d’alerte est signalé. Devant une urgence, appelez le 15."
        case .prescriptionReported: "C’est noté : l’ordonnance manquante est signalée, quelqu’un est sollicité pour l’obtenir."
        case .prescriptionObtained: "C’est noté : l’ordonnance est arrivée."
        case .solicitedAgain: "C’est noté : ce suivi est proposé à nouveau. Les réponses s’afficheront ici."
        case .soon: "C’est enregistré. La page sera à jour dans un instant : actualisez-la."
        case .takenByAnother: "Un confrère ou une consœur a accepté avant vous. Vous n’avez rien à faire, merci d’avoir répondu."
        case .closed: "Ce suivi était déjà terminé ou retiré. Vous n’avez rien à faire."
        case .notOffered: "Ce suivi ne vous est plus proposé. Rien n’a changé."
        case .sentOtherwise: "Ce formulaire avait déjà été envoyé avec d’autres réponses. C’est le premier envoi qui compte : vérifiez ci-dessous."
        case .onHold: "Le patient est de nouveau hospitalisé : ce suivi attend sa sortie. Rien n’a changé."
        case .notOfTheTeam: "Vous ne faites plus partie de cette équipe dans l’annuaire. Rien n’a changé."
        case .referentOnly: "C’est au référent-parcours de le faire. Rien n’a changé."
        case .pathwayClosed: "Ce parcours est terminé. Le référent-parcours peut le rouvrir."
        case .signMissing: "Choisissez le signe observé, puis validez : rien n’a été envoyé."
        case .reasonMissing: "Choisissez un motif, puis validez : rien n’a été envoyé."
        case .outcomeMissing: "Choisissez ce qui s’est passé, puis validez : rien n’a été envoyé."
        case .dateUnreadable: "La date n’a pas été comprise : rien n’a été envoyé."
        case .dateInFuture: "La date est dans le futur : rien n’a été envoyé."
        case .beforeDischarge: "La date est avant la sortie de l’hôpital : rien n’a été envoyé."
        case .notDischarged: "Ce patient n’est pas sorti de l’hôpital : rien n’a été envoyé."
        case .noteTooLong: "La note dépasse 2 000 caractères : rien n’a été envoyé."
        case .channelsSet: "C’est noté : vous serez prévenu·e ainsi."
        case .channelsUnreadable: "L’ordre des moyens n’a pas été compris : rien n’a changé."
        case .orderTwice: "Deux moyens ont le même ordre. Donnez à chacun le sien : rien n’a changé."
        case .addressMissing: "Il manque l’adresse d’un moyen que vous avez choisi : rien n’a changé."
        case .addressRefused: "Une adresse n’a pas la bonne forme, ou n’est pas permise sur ce territoire : rien n’a changé."
        case .hoursUnreadable: "Les heures calmes n’ont pas été comprises : rien n’a changé."
        case .triedAgain: "C’est noté : le message est envoyé à nouveau."
        case .nothingToTry: "Ce message n’est plus arrêté, ou ne peut pas être envoyé à nouveau. Rien n’a changé."
        case .unknownPerson: "Ce numéro n’est pas dans l’annuaire du territoire. Vérifiez les 11 chiffres."
        case .whoAreYou: "Dites d’abord qui vous êtes."
        }
    }
}
