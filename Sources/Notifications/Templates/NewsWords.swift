import Pathways

/// The words for what events name by codes.
enum NewsWords {
    /// As a sentence of its own.
    static func sentence(_ reason: WithdrawalReason) -> String {
        switch reason {
        case .dischargeCancelled: "La sortie a été annulée."
        case .admissionCancelled: "Le séjour a été annulé."
        case .dischargeChanged: "L’hôpital a modifié la sortie."
        case .superseded: "Un suivi plus précis le remplace."
        case .readmitted: "Le patient est de nouveau à l’hôpital."
        // Said by a template of its own, to whom may know.
        case .deceased: "Il n’y a plus lieu de le faire."
        case .moved: "Un autre territoire reprend ce parcours."
        case .refused: "Le patient ne souhaite pas ce soin."
        case .prado: "L’Assurance maladie s’en charge avec le service PRADO."
        case .discharged: "Le patient est sorti : cette préparation n’a plus lieu d’être."
        case .followedElsewhere: "Le patient est suivi ailleurs."
        case .resolved: "C’est réglé."
        }
    }

    static func words(_ reason: DeclineReason) -> String? {
        switch reason {
        case .noCapacity: "pas de disponibilité"
        case .absent: "absent·e ces jours-ci"
        case .outsideSector: "hors de son secteur"
        case .notMyField: "hors de son domaine"
        case .patientUnknown: "ce n’est pas son patient"
        case .other: nil
        }
    }

    /// Of what leaves something to do; nil where nothing does.
    static func sentence(_ outcome: FollowUpOutcome) -> String? {
        switch outcome {
        case .patientAbsent: "Le patient était absent"
        case .patientRefused: "Le patient ne l’a pas souhaité"
        case .done, .alreadyDone: nil
        }
    }

    /// Why nobody is asked: the stable codes of assignments.
    static func sentence(assignment code: String) -> String? {
        switch code {
        case "unit-without-contact": "L’unité de sortie n’a pas de contact dans l’annuaire."
        case "declared-not-in-directory": "Le professionnel déclaré par le patient n’est pas dans l’annuaire."
        case "declared-absent": "Le professionnel déclaré par le patient est absent."
        case "nobody-covers-commune": "Personne dans l’annuaire n’intervient dans cette commune."
        case Assignment.nobodyOnDuty: "Tous ceux qui interviennent dans cette commune sont absents."
        case Assignment.everybodyAsked: "Tous ceux qui pouvaient l’être ont été sollicités."
        default: nil
        }
    }

    static func sentence(_ reason: UndeliverableReason) -> String {
        switch reason {
        case .noChannel: "Aucune adresse n’est renseignée pour cette personne."
        case .refused: "Toutes ses adresses ont refusé le message."
        case .expired: "Rien n’est arrivé malgré plusieurs essais."
        }
    }

    static func word(_ sign: AlertSign) -> String? {
        switch sign {
        case .weightGain: "prise de poids"
        case .breathlessness: "essoufflement"
        case .fever: "fièvre"
        case .pain: "douleur"
        case .wound: "plaie ou pansement"
        case .bleeding: "saignement"
        case .confusion: "confusion"
        case .fall: "chute"
        case .treatmentTrouble: "difficulté avec le traitement"
        case .other: nil
        }
    }

    static func word(_ destination: DischargeDestination) -> String? {
        switch destination {
        case .home: "domicile"
        case .smr: "soins médicaux et de réadaptation"
        case .had: "hospitalisation à domicile"
        case .ehpad: "EHPAD ou établissement médico-social"
        case .transfer: "autre établissement"
        case .againstAdvice: "sortie contre avis médical"
        // Nobody is told of a death by the way.
        case .death: nil
        case .unknown: "à préciser"
        }
    }

    /// A channel in the words of those whom it reaches.
    static func word(_ channel: ChannelKind) -> String {
        switch channel {
        case .mssante: "messagerie sécurisée"
        case .email: "courriel"
        case .sms: "SMS"
        case .webhook: "logiciel métier"
        case .inapp: "Relais"
        case .sandbox: "bac à sable"
        }
    }
}
