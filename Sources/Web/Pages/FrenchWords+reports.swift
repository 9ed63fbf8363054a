import Pathways

// The words of the screens for what is reported from the bedside, and for what waits.

enum FollowUpWords {
    /// The patient is back in hospital.
    static let onHold = "En attente : réhospitalisation"
}

extension AlertSign {
    var frenchName: String {
        switch self {
        case .weightGain: "Prise de poids"
        case .breathlessness: "Essoufflement"
        case .fever: "Fièvre"
        case .pain: "Douleur"
        case .wound: "Plaie ou pansement"
        case .bleeding: "Saignement"
        case .confusion: "Confusion"
        case .fall: "Chute"
        case .treatmentTrouble: "Difficulté avec le traitement"
        case .other: "Autre signe"
        }
    }
}

extension EmergencyContact {
    var frenchName: String {
        switch self {
        case .attendingGP: "Le médecin traitant"
        case .sas: "Le service d’accès aux soins (SAS)"
        case .samu: "Le SAMU (15)"
        case .hospitalUnit: "Le service hospitalier"
        }
    }
}
