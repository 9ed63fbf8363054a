import Pathways
import Projections

// The words of the screens for what the domain names by codes.

extension Pathway.Status {
    var frenchName: String {
        switch self {
        case .preadmitted: "Entrée prévue"
        case .admitted: "À l’hôpital"
        case .onLeave: "En permission"
        case .discharged: "Sorti·e de l’hôpital"
        case .atHome: "De retour à domicile"
        case .cancelled: "Séjour annulé"
        case .deceased: "Décédé·e"
        case .closed: "Parcours terminé"
        }
    }
}

extension DischargeDestination {
    var frenchName: String {
        switch self {
        case .home: "domicile"
        case .smr: "soins médicaux et de réadaptation"
        case .had: "hospitalisation à domicile"
        case .ehpad: "EHPAD ou établissement médico-social"
        case .transfer: "autre établissement"
        case .againstAdvice: "sortie contre avis médical"
        case .death: "décès"
        case .unknown: "destination à préciser"
        }
    }
}

extension FollowUp.Status {
    var frenchName: String {
        switch self {
        case .open: "À attribuer"
        case .accepted: "Accepté"
        case .onHold: "Suspendu"
        case .done: "Fait"
        case .withdrawn: "Retiré"
        }
    }
}

extension Offer.Answer {
    var frenchName: String {
        switch self {
        case .made: "sans réponse pour le moment"
        case .accepted: "a accepté"
        case .declined: "a décliné"
        case .lapsed: "délai passé"
        case .superseded: "n’est plus sollicité·e"
        }
    }
}

extension DeclineReason {
    var frenchName: String {
        switch self {
        case .noCapacity: "Pas de disponibilité"
        case .absent: "Absent·e ces jours-ci"
        case .outsideSector: "Hors de mon secteur"
        case .notMyField: "Pas dans mes compétences"
        case .patientUnknown: "Je ne suis pas ce patient"
        case .other: "Autre raison"
        }
    }
}

extension FollowUpOutcome {
    var frenchName: String {
        switch self {
        case .done: "Fait"
        case .patientAbsent: "Patient absent"
        case .patientRefused: "Refus du patient"
        case .alreadyDone: "Déjà fait par quelqu’un d’autre"
        }
    }
}

extension HomeReturnEvidence {
    var frenchName: String {
        switch self {
        case .visit: "Visite à domicile"
        case .phoneCallPatient: "Appel au patient"
        case .phoneCallFamily: "Appel à un proche"
        case .seenByProfessional: "Vu·e sur place par un professionnel"
        case .hospitalTransport: "Le transport l’a déposé·e"
        }
    }
}

extension WithdrawalReason {
    var frenchSentence: String {
        switch self {
        case .dischargeCancelled: "La sortie a été annulée : ce suivi n’est plus à faire."
        case .admissionCancelled: "Le séjour a été annulé : ce suivi n’est plus à faire."
        case .dischargeChanged: "L’hôpital a modifié la sortie : ce suivi n’est plus à faire sous cette forme."
        case .superseded: "Un suivi plus précis le remplace."
        case .readmitted: "Le patient est de nouveau hospitalisé : ce suivi n’est plus à faire."
        case .deceased: "Le patient est décédé : ce suivi n’est plus à faire."
        case .moved: "Le patient habite un autre territoire, qui reprend son parcours : ce suivi n’est plus à faire ici."
        }
    }
}

extension CareCircleMember.Basis {
    var frenchName: String {
        switch self {
        case .declared: "déclaré·e par le patient"
        case .acceptedFollowUp: "a accepté un suivi"
        }
    }
}

extension Priority {
    /// Nil for what needs no word.
    var frenchName: String? {
        switch self {
        case .urgent: "Urgent"
        case .high: "Prioritaire"
        case .normal: nil
        }
    }
}

extension WindowEdge {
    /// « le jour de la sortie », « 48 heures après la sortie ».
    var frenchName: String {
        switch (unit, count) {
        case (.days, 0), (.hours, 0): "le jour de la sortie"
        case (.days, 1): "le lendemain de la sortie"
        case (.days, let count): "\(count) jours après la sortie"
        case (.hours, 1): "une heure après la sortie"
        case (.hours, let count): "\(count) heures après la sortie"
        }
    }
}

extension CareRole {
    /// `frenchName` with a capital.
    var frenchHeading: String { frenchName.prefix(1).uppercased() + frenchName.dropFirst() }
}

/// Why a follow-up came to somebody, or to nobody: the stable codes of assignments, in words.
enum AssignmentWords {
    static func reason(_ code: String) -> String {
        switch code {
        case "referent-role": "Ce suivi revient au référent-parcours."
        case "unit-without-contact": "L’unité de sortie n’a pas de contact dans l’annuaire."
        case "declared-not-in-directory": "Le professionnel déclaré par le patient n’est pas dans l’annuaire."
        case "declared-absent": "Le professionnel déclaré par le patient est absent."
        case "nobody-covers-commune": "Personne dans l’annuaire n’intervient dans cette commune."
        default: ResolutionReason(code: code)?.frenchText ?? "À attribuer par le référent-parcours."
        }
    }
}
