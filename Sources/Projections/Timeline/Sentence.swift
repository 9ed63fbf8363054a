public import Foundation
public import Pathways
import Timekeeping

/// What an event says, in one line of French, for people who read a pathway's story.
public enum Sentence {
    /// What an event names by a number, in words.
    public struct Names {
        let timeZone: TimeZone
        let professional: (_ rpps: String) -> String?
        let commune: (_ code: String) -> String?
        let followUp: (_ id: String) -> String?

        public init(
            timeZone: TimeZone,
            professional: @escaping (_ rpps: String) -> String?,
            commune: @escaping (_ code: String) -> String?,
            followUp: @escaping (_ id: String) -> String?
        ) {
            self.timeZone = timeZone
            self.professional = professional
            self.commune = commune
            self.followUp = followUp
        }

        func person(_ rpps: String) -> String { professional(rpps) ?? "RPPS \(rpps)" }
        func title(_ id: String) -> String { followUp(id).map { "« \($0) »" } ?? "un suivi" }
    }

    /// In the place of an event whose key was destroyed.
    public static let erased = "Contenu effacé"
    /// In the place of an event that this release cannot read.
    public static let unreadable = "Contenu illisible par cette version"

    /// In the place of a patient's name while they oppose.
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
        case .streamErased, .patientErased: erased
        case .messageReceived(let body): message(body)
        case .commandKeyReused: "Demande refusée : sa clé avait déjà servi à une autre"
        case .territoryPublished: "Annuaire du territoire publié"
        case .parkingDiscarded(let body): "Traitement abandonné : événement \(body.position), suiveur \(body.follower)"
        case .protocolPublished(let body): "Protocole \(body.protocolID) publié (version \(body.version))"
        }
    }

    private static func pathway(_ event: PathwayEvent, _ names: Names) -> String {
        switch event {
        case .stayPlanned(let body): "Entrée prévue" + unit(body.movement, " : ")
        case .patientAdmitted(let body): "Entrée à l'hôpital" + unit(body.movement, " : ")
        case .emergencyVisitRegistered(let body): "Passage aux urgences ou en consultation" + unit(body.movement, " : ")
        case .patientTransferred(let body): "Changement d'unité" + unit(body.movement, " : ")
        case .patientDischarged(let body): discharge(body.mode.destination) + unit(body.movement, ", depuis ")
        case .movementCancelled(let body): cancellation(body.kind)
        case .movementHeld: "Mouvement mis en attente : ce qui le précède n'est pas encore connu"
        case .dischargePlanned(let body): "Sortie prévue \(FrenchTime.short(body.plannedAt, in: names.timeZone))"
        case .homeReturnConfirmed(let body): "Retour à domicile confirmé par \(names.person(body.by.rpps)) (\(evidence(body.howKnown)))"
        case .protocolApplied(let body): "Protocole \(body.protocolID) choisi par \(names.person(body.by.rpps))"
        case .followUpsPlanned(let body): "À faire : " + body.followUps.map(\.title).joined(separator: " ; ")
        case .offersMade(let body): body.solicitations.map { solicitation($0, names) }.joined(separator: " ; ")
        case .followUpAccepted(let body): "Accepté par \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .followUpDeclined(let body):
            "\(body.givenBack ? "Rendu" : "Refusé") par \(names.person(body.by.rpps)) (\(reason(body.reason))) : \(names.title(body.followUp))"
        case .followUpCompleted(let body): "\(outcome(body.outcome)) par \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .followUpNoted(let body): "Note de \(names.person(body.by.rpps)) sur \(names.title(body.followUp)) : \(body.note)"
        case .followUpsWithdrawn(let body): body.withdrawals.map { withdrawal($0, names) }.joined(separator: " ; ")
        case .withdrawalAcknowledged(let body): "Retrait vu par \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .pathwayTakenOver(let body): "Parcours repris du territoire \(body.from)"
        case .pathwayHandedOver(let body): "Parcours confié au territoire \(body.to) (\(handOver(body.reason)))"
        case .entryRetracted(let body): "Note retirée par \(names.person(body.by.rpps)) (\(word(body.reason)))"
        }
    }

    private static func word(_ reason: RetractionReason) -> String {
        switch reason {
        case .otherPatient: "concernait un autre patient"
        case .mistaken: "erreur"
        case .excessive: "en disait trop"
        case .patientRequest: "à la demande du patient"
        case .other: "autre raison"
        }
    }

    private static func word(_ reason: CorrectionReason) -> String {
        switch reason {
        case .typingError: "erreur de saisie"
        case .civilStatus: "état civil"
        case .otherPerson: "données d'une autre personne"
        case .patientRequest: "à la demande du patient"
        case .other: "autre raison"
        }
    }

    private static func unit(_ movement: Movement, _ before: String) -> String {
        movement.unit.map { before + ($0.label ?? "unité \($0.code)") } ?? ""
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

    private static func discharge(_ destination: DischargeDestination) -> String {
        switch destination {
        case .home: "Sortie à domicile"
        case .smr: "Sortie vers des soins médicaux et de réadaptation"
        case .had: "Sortie en hospitalisation à domicile"
        case .ehpad: "Sortie vers un EHPAD ou un établissement médico-social"
        case .transfer: "Transfert vers un autre établissement"
        case .againstAdvice: "Sortie contre avis médical"
        case .death: "Décès à l'hôpital"
        case .unknown: "Sortie, destination à préciser"
        }
    }

    private static func cancellation(_ kind: MovementKind) -> String {
        switch kind {
        case .preadmission: "Entrée prévue annulée"
        case .admission: "Entrée annulée"
        case .emergencyVisit: "Passage annulé"
        case .transfer: "Changement d'unité annulé"
        case .discharge: "Sortie annulée"
        }
    }

    private static func evidence(_ evidence: HomeReturnEvidence) -> String {
        switch evidence {
        case .visit: "visite"
        case .phoneCallPatient: "appel au patient"
        case .phoneCallFamily: "appel à un proche"
        case .seenByProfessional: "vu sur place"
        case .hospitalTransport: "transport de l'hôpital"
        }
    }

    private static func solicitation(_ solicitation: OffersMade.Solicitation, _ names: Names) -> String {
        let title = names.title(solicitation.followUp)
        guard solicitation.to.isEmpty else {
            return "Proposé à \(solicitation.to.map(names.person).joined(separator: ", ")) : \(title)"
        }
        let reason = solicitation.assignment.reason.map { " (\($0))" } ?? ""
        return "Confié au référent-parcours\(reason) : \(title)"
    }

    private static func reason(_ reason: DeclineReason) -> String {
        switch reason {
        case .noCapacity: "pas de disponibilité"
        case .absent: "absent·e"
        case .outsideSector: "hors secteur"
        case .notMyField: "hors de son domaine"
        case .patientUnknown: "patient inconnu"
        case .other: "autre raison"
        }
    }

    private static func handOver(_ reason: HandOverReason) -> String {
        switch reason {
        case .moved: "le domicile du patient s'y trouve"
        }
    }

    private static func outcome(_ outcome: FollowUpOutcome) -> String {
        switch outcome {
        case .done: "Fait"
        case .patientAbsent: "Patient absent, constaté"
        case .patientRefused: "Refus du patient, constaté"
        case .alreadyDone: "Déjà fait, constaté"
        }
    }

    private static func withdrawal(_ withdrawal: FollowUpsWithdrawn.Withdrawal, _ names: Names) -> String {
        let reason =
            switch withdrawal.reason {
            case .dischargeCancelled: "sortie annulée"
            case .admissionCancelled: "entrée annulée"
            case .dischargeChanged: "sortie modifiée par l'hôpital"
            case .superseded: "remplacé par un suivi plus précis"
            case .readmitted: "patient de nouveau hospitalisé"
            case .deceased: "patient décédé"
            case .moved: "parcours confié à un autre territoire"
            }
        let told = withdrawal.told.isEmpty ? "" : ", \(withdrawal.told.map(names.person).joined(separator: ", ")) prévenu·e·s"
        return "Retiré (\(reason))\(told) : \(names.title(withdrawal.followUp))"
    }
}
