import Pathways

/// The words for what professionals, patients and the clock do to follow-ups.
extension Sentence {
    static func reason(_ reason: DeclineReason) -> String {
        switch reason {
        case .noCapacity: "pas de disponibilité"
        case .absent: "absent·e"
        case .outsideSector: "hors secteur"
        case .notMyField: "hors de son domaine"
        case .patientUnknown: "patient inconnu"
        case .other: "autre raison"
        }
    }

    static func withdrawal(_ withdrawal: FollowUpsWithdrawn.Withdrawal, _ names: Names) -> String {
        let people = withdrawal.told.map(names.person).joined(separator: ", ")
        let told = people.isEmpty ? "" : ", \(people) prévenu·e\(withdrawal.told.count > 1 ? "·s" : "")"
        return "Retiré (\(word(withdrawal.reason)))\(told) : \(names.title(withdrawal.followUp))"
    }

    static func word(_ reason: WithdrawalReason) -> String {
        switch reason {
        case .dischargeCancelled: "sortie annulée"
        case .admissionCancelled: "entrée annulée"
        case .dischargeChanged: "sortie modifiée par l’hôpital"
        case .superseded: "remplacé par un suivi plus précis"
        case .readmitted: "patient de nouveau hospitalisé"
        case .deceased: "patient décédé"
        case .moved: "parcours confié à un autre territoire"
        case .refused: "refusé par le patient"
        case .prado: "rendez-vous pris par PRADO"
        case .discharged: "le patient est sorti"
        case .followedElsewhere: "suivi ailleurs"
        case .resolved: "ce n’est plus nécessaire"
        }
    }

    /// Behind the name of whoever acts for a team.
    static func team(_ id: String?, _ names: Names) -> String { id.map { " pour \(names.addressee(Addressee.team($0).rawValue))" } ?? "" }

    static func by(_ by: Attribution?, _ names: Names) -> String { by.map { " par \(names.person($0.rpps))" } ?? "" }

    static func note(_ note: String?) -> String { note.map { " : \($0)" } ?? "" }

    static func escalation(_ body: FollowUpEscalated, _ names: Names) -> String {
        let told = body.to.isEmpty ? "personne à prévenir" : "rappel à \(body.to.map(names.person).joined(separator: ", "))"
        return "\(capitalised(word(body.reason))), \(told) : \(names.title(body.followUp))"
    }

    static func word(_ reason: EscalationReason) -> String {
        switch reason {
        case .dueSoon: "bientôt à échéance"
        case .overdue: "échéance dépassée"
        case .heldForLong: "en attente depuis longtemps"
        }
    }

    static func alert(_ body: AlertSignReported, _ names: Names) -> String {
        guard names.tellsHealth else { return "Signe d’alerte, signalé par \(names.person(body.by.rpps))" }
        let called = body.called.compactMap { EmergencyContact(rawValue: $0).map(word) }
        let calls = called.isEmpty ? "" : ", appelé : \(called.joined(separator: ", "))"
        return "Signe d’alerte (\(word(body.sign))), signalé par \(names.person(body.by.rpps))\(calls)" + note(body.note)
    }

    static func word(_ sign: AlertSign) -> String {
        switch sign {
        case .weightGain: "prise de poids"
        case .breathlessness: "essoufflement"
        case .fever: "fièvre"
        case .pain: "douleur"
        case .wound: "plaie"
        case .bleeding: "saignement"
        case .confusion: "confusion"
        case .fall: "chute"
        case .treatmentTrouble: "difficulté avec le traitement"
        case .other: "autre signe"
        }
    }

    private static func word(_ contact: EmergencyContact) -> String {
        switch contact {
        case .attendingGP: "médecin traitant"
        case .sas: "service d’accès aux soins"
        case .samu: "15"
        case .hospitalUnit: "unité de l’hôpital"
        }
    }

    static func refusal(_ body: CareRefused, _ names: Names) -> String {
        let who = "noté par \(names.person(body.by.rpps))"
        if body.followUps.isEmpty { return "Le patient ne souhaite pas être suivi, \(who)" }
        return "Le patient ne souhaite pas ce suivi, \(who) : " + body.followUps.map(names.title).joined(separator: " ; ")
    }

    static func closing(_ reason: ClosingReason) -> String {
        switch reason {
        case .goalReached: "tout est fait"
        case .timeOut: "rien ne reste à faire"
        case .refusal: "choix du patient"
        case .deceased: "patient décédé"
        case .followedElsewhere: "suivi ailleurs"
        case .other: "autre raison"
        }
    }

    static func word(_ basis: SharingBasis) -> String {
        switch basis {
        case .team1: "équipe de soins d’un établissement"
        case .patientRecognised: "équipe de soins choisie par le patient"
        case .team3: "équipe de soins organisée"
        case .consentShare: "consentement au partage"
        case .exchange: "échange entre professionnels désignés"
        }
    }

    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
