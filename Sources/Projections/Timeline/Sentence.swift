public import Foundation
public import Pathways

/// What an event says, in one line of French, for people who read a pathway’s story.
public enum Sentence {
    /// What an event names by a number, in words.
    public struct Names {
        let timeZone: TimeZone
        let professional: (_ rpps: String) -> String?
        let commune: (_ code: String) -> String?
        let followUp: (_ id: String) -> String?
        let team: (_ id: String) -> String?
        /// Whether units of the hospital and signs of illness are told: not to who is merely asked (CSP L1110-4).
        var tellsHealth = true

        public init(
            timeZone: TimeZone,
            professional: @escaping (_ rpps: String) -> String?,
            commune: @escaping (_ code: String) -> String?,
            followUp: @escaping (_ id: String) -> String?,
            team: @escaping (_ id: String) -> String? = { _ in nil }
        ) {
            self.timeZone = timeZone
            self.professional = professional
            self.commune = commune
            self.followUp = followUp
            self.team = team
        }

        func person(_ rpps: String) -> String { professional(rpps) ?? "RPPS \(rpps)" }

        func addressee(_ addressee: String) -> String {
            switch Addressee(rawValue: addressee) {
            case .professional(let rpps): person(rpps)
            case .team(let id): "l’équipe « \(team(id) ?? id) »"
            }
        }

        func addressees(_ addressees: [String]) -> String { addressees.map(addressee).joined(separator: ", ") }

        func title(_ id: String) -> String { followUp(id).map { "« \($0) »" } ?? "un suivi" }
    }

    /// In the place of an event whose key was destroyed.
    public static let erased = "Contenu effacé"
    /// In the place of an event that this release cannot read.
    public static let unreadable = "Contenu illisible par cette version"

    /// In the place of a patient’s name while they oppose.
    public static let maskedIdentity = "Identité masquée à la demande du patient"

    /// In the place of a note that was taken back.
    public static func retracted(_ reason: RetractionReason) -> String { "Entrée retirée (\(word(reason)))" }

    public static func french(for event: DomainEvent, names: Names) -> String {
        switch event {
        case .pathway(let event): pathway(event, names)
        case .patientIdentified(let body): body.identity.ins == nil ? "Identité du patient reçue" : "Identité qualifiée du patient reçue (INS)"
        case .identityCorrected(let body): "Identité du patient corrigée (\(word(body.reason)))"
        case .oppositionRecorded: "Opposition du patient enregistrée : son identité est masquée"
        case .oppositionLifted: "Opposition du patient levée"
        case .visitRegistered: "Venue à l’hôpital rattachée au patient"
        case .dossierMoved: "Dossier administratif rattaché au bon patient par l’hôpital"
        case .patientsMerged: "Deux numéros de patient réunis par l’hôpital : c’est la même personne"
        case .mergeUndone(let body): "Numéros de patient de nouveau séparés par \(names.person(body.by.rpps)) : ce sont deux personnes"
        case .streamErased, .patientErased: erased
        case .messageReceived(let body): message(body)
        case .messageRepaired(let body): repair(body, names)
        case .messageDiscarded(let body): "Message en quarantaine écarté par \(names.person(body.by.rpps)) (\(word(body.reason)))"
        case .commandKeyReused: "Demande refusée : sa clé avait déjà servi à une autre"
        case .territoryPublished: "Annuaire du territoire publié"
        case .parkingDiscarded(let body): "Traitement abandonné : événement \(body.position), suiveur \(body.follower)"
        case .protocolPublished(let body): "Protocole \(body.protocolID) publié (version \(body.version))"
        case .consentRecorded(let body): "Base du partage notée par \(names.person(body.by.rpps)) : \(word(body.basis))"
        case .consentWithdrawn(let body): "Base du partage retirée par le patient, noté par \(names.person(body.by.rpps)) : \(word(body.basis))"
        case .channelsSet(let body): "Voies de notification de \(names.person(body.recipient)) réglées par \(names.person(body.by.rpps))"
        case .messageHandedOver(let body): handOver(body, names)
        case .messageDelivered(let body): "Message à \(names.person(body.recipient)) arrivé (\(word(body.channel)))"
        case .messageOpened(let body): "Message lu par \(names.person(body.recipient))"
        case .messageBounced(let body): "Message à \(names.person(body.recipient)) revenu (\(word(body.channel)))"
        case .messageUndeliverable(let body): "\(names.person(body.recipient)) n’a pu être prévenu(e) par aucune voie"
        case .absenceDeclared(let body): absence(body, names)
        case .absenceEnded(let body):
            "Absence de \(names.person(body.rpps)) terminée, retour \(FrenchTime.short(body.at, in: names.timeZone))"
        case .siteProfilePublished(let body): "Réglages de réception \(body.profile) publiés (version \(body.version))"
        }
    }

    static func word(_ reason: RetractionReason) -> String {
        switch reason {
        case .otherPatient: "concernait un autre patient"
        case .mistaken: "erreur"
        case .excessive: "en disait trop"
        case .patientRequest: "à la demande du patient"
        case .other: "autre raison"
        }
    }

    private static func handOver(_ body: MessageHandedOver, _ names: Names) -> String {
        let words = body.reminder == 0 ? "Message remis à" : "Rappel remis à"
        return "\(words) \(names.person(body.recipient)) (\(word(body.channel)))"
    }

    /// A channel in the words of those whom it reaches.
    public static func word(_ channel: ChannelKind) -> String {
        switch channel {
        case .mssante: "messagerie sécurisée"
        case .email: "courriel"
        case .sms: "SMS"
        case .webhook: "logiciel métier"
        case .inapp: "Relais"
        case .sandbox: "bac à sable"
        }
    }

    private static func absence(_ body: AbsenceDeclared, _ names: Names) -> String {
        let (from, to) = (FrenchTime.short(body.from, in: names.timeZone), FrenchTime.short(body.to, in: names.timeZone))
        let replacement = body.replacement.map { ", remplacement par \(names.person($0))" } ?? ""
        return "Absence de \(names.person(body.rpps)) notée, du \(from) au \(to)\(replacement)"
    }

    private static func word(_ reason: CorrectionReason) -> String {
        switch reason {
        case .typingError: "erreur de saisie"
        case .civilStatus: "état civil"
        case .otherPerson: "données d’une autre personne"
        case .patientRequest: "à la demande du patient"
        case .other: "autre raison"
        }
    }

    private static func message(_ body: MessageReceived) -> String {
        let name = "Message \(body.facts.trigger) de \(body.facts.application)"
        return switch body.outcome {
        case .accepted: "\(name) reçu"
        case .ignored: "\(name) reçu, sans effet ici"
        case .orphan: "\(name) reçu, en attente de ce qui le précède"
        case .quarantined: "\(name) mis en quarantaine"
        case .refused: "\(name) refusé"
        }
    }

    private static func repair(_ body: MessageRepaired, _ names: Names) -> String {
        let who = names.person(body.by.rpps)
        return switch body.outcome {
        case .accepted: "Message en quarantaine corrigé par \(who) et pris en compte"
        case .orphan: "Message en quarantaine corrigé par \(who), en attente de ce qui le précède"
        case .ignored, .quarantined, .refused: "Message en quarantaine corrigé par \(who), sans effet ici"
        }
    }

    private static func word(_ reason: DiscardReason) -> String {
        switch reason {
        case .sentAgain: "renvoyé juste par l’hôpital"
        case .withdrawnBySender: "retiré par l’hôpital"
        case .notOurs: "ne concerne personne ici"
        case .test: "essai"
        case .enteredByHand: "saisi à la main"
        case .other: "autre raison"
        }
    }
}
