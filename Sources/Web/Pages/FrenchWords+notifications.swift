import Pathways

// The words of the screens for how people are told.

extension ChannelKind {
    /// As after « par ».
    var frenchName: String {
        switch self {
        case .mssante: "messagerie sécurisée"
        case .email: "courriel"
        case .sms: "SMS"
        case .webhook: "logiciel métier"
        case .inapp: "Relais"
        case .sandbox: "bac à sable de formation"
        }
    }

    /// What stands above its field.
    var frenchHeading: String {
        switch self {
        case .mssante: "Messagerie sécurisée (MSSanté)"
        case .email: "Courriel ordinaire"
        case .sms: "SMS"
        case .webhook: "Logiciel métier"
        case .inapp: "Relais"
        case .sandbox: "Bac à sable de formation"
        }
    }

    /// What such a message says.
    var frenchHint: String {
        switch self {
        case .mssante: "Seul ce courrier peut nommer le patient, quand vous avez le droit de le connaître."
        case .email, .sms: "Sans aucun nom ni information de santé : le nombre de nouvelles et un lien."
        case .webhook: "Votre logiciel reçoit des identifiants et un lien, sans aucun nom."
        case .inapp: "Tout ce qui vous concerne y est toujours."
        case .sandbox: "Rien ne part : les messages sont écrits dans des fichiers."
        }
    }

    /// What stands before its address.
    var frenchAddressName: String {
        switch self {
        case .mssante, .email: "Adresse"
        case .sms: "Numéro de téléphone mobile"
        case .webhook: "Adresse du logiciel"
        case .inapp, .sandbox: ""
        }
    }
}

extension BounceReason {
    var frenchName: String {
        switch self {
        case .unknownAddress: "adresse inconnue"
        case .mailboxFull: "boîte pleine"
        case .refused: "refusé par le destinataire"
        case .expired: "serveur injoignable"
        case .notIntegrated: "non intégré par le logiciel"
        case .other: "raison non précisée"
        }
    }
}

extension UndeliverableReason {
    var frenchName: String {
        switch self {
        case .noChannel: "aucune adresse utilisable"
        case .refused: "toutes les adresses ont été refusées"
        case .expired: "tous les essais ont échoué"
        }
    }
}
