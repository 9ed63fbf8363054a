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
        case .onHold: FollowUpWords.onHold
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
        case .patientUnknown: "Ce n’est pas mon patient"
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
        case .refused: "Le patient ne souhaite pas ce soin : ce suivi n’est plus à faire."
        case .prado: "L’Assurance maladie s’en charge avec le service PRADO : ce suivi n’est plus à faire."
        case .discharged: "Le patient est sorti de l’hôpital : cette préparation n’est plus à faire."
        case .followedElsewhere: "Le patient est suivi ailleurs : ce suivi n’est plus à faire ici."
        case .resolved: "C’est réglé : ce suivi n’est plus à faire."
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

extension RuleTrigger {
    /// What J0 is the day of: by itself, and after « jour ».
    fileprivate var anchor: (name: String, ofName: String) {
        switch self {
        case .discharge, .homeReturnMissing: ("la sortie", "de la sortie")
        case .dischargePlanned: ("la sortie prévue", "de la sortie prévue")
        case .admissionPlanned: ("l’entrée prévue", "de l’entrée prévue")
        case .admission: ("l’entrée", "de l’entrée")
        case .alertSign, .prescriptionMissing: ("le signalement", "du signalement")
        }
    }
}

extension WindowEdge {
    /// « le jour de la sortie », « 48 heures après la sortie », « 2 jours avant la sortie prévue ».
    func frenchName(for trigger: RuleTrigger) -> String {
        let (name, ofName) = trigger.anchor
        let (distance, side) = (count.magnitude, count < 0 ? "avant" : "après")
        switch (unit, distance) {
        case (.days, 0), (.hours, 0): return "le jour \(ofName)"
        case (.days, 1): return "\(count < 0 ? "la veille" : "le lendemain") \(ofName)"
        case (.days, _): return "\(distance) jours \(side) \(name)"
        case (.hours, 1): return "une heure \(side) \(name)"
        case (.hours, _): return "\(distance) heures \(side) \(name)"
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
        case "nobody-on-duty": "Tous ceux qui interviennent dans cette commune sont absents."
        case Assignment.everybodyAsked: "Tout le monde a été sollicité."
        default: ResolutionReason(code: code)?.frenchText ?? "À attribuer par le référent-parcours."
        }
    }
}
