import Pathways

extension Sentence {
    /// What happened to a stay and its follow-ups.
    static func pathway(_ event: PathwayEvent, _ names: Names) -> String {
        switch event {
        case .stayPlanned(let body): "Entrée prévue" + unit(body.movement, " : ", names)
        case .patientAdmitted(let body): "Entrée à l’hôpital" + unit(body.movement, " : ", names)
        case .emergencyVisitRegistered(let body): "Passage aux urgences ou en consultation" + unit(body.movement, " : ", names)
        case .patientTransferred(let body): "Changement d’unité" + unit(body.movement, " : ", names)
        case .patientDischarged(let body): discharge(body.mode.destination) + unit(body.movement, ", depuis ", names)
        case .admissionAnnounced(let body): "Entrée annoncée" + expected(body.movement, names, " pour le ") + unit(body.movement, " : ", names)
        case .classChanged(let body): classChange(body.movement.patientClass) + unit(body.movement, " : ", names)
        case .transferAnnounced(let body): "Changement d’unité annoncé" + unit(body.movement, " : ", names)
        case .attendingChanged(let body): "Nouveau médecin responsable" + unit(body.movement, " : ", names)
        case .leaveStarted(let body): "Absence temporaire de l’hôpital" + expected(body.movement, names, ", retour prévu ")
        case .leaveEnded(let body): "Retour à l’hôpital après une absence" + unit(body.movement, " : ", names)
        case .dischargeAnnounced(let body): "Sortie annoncée" + expected(body.movement, names, " pour le ")
        case .movementCorrected(let body): "Correction par l’hôpital : \(noun(body.kind))" + unit(body.movement, ", ", names)
        case .pathwayReassigned: "Séjour rattaché à un autre patient par l’hôpital"
        case .movementCancelled(let body): cancellation(body.kind)
        case .movementHeld: "Mouvement mis en attente : ce qui le précède n’est pas encore connu"
        case .dischargePlanned(let body): "Sortie prévue \(FrenchTime.short(body.plannedAt, in: names.timeZone))"
        case .homeReturnConfirmed(let body): "Retour à domicile confirmé par \(names.person(body.by.rpps)) (\(evidence(body.howKnown)))"
        case .protocolApplied(let body): "Protocole \(body.protocolID) choisi par \(names.person(body.by.rpps))"
        case .followUpsPlanned(let body): "À faire : " + body.followUps.map(\.title).joined(separator: " ; ")
        case .offersMade(let body): body.solicitations.map { solicitation($0, names) }.joined(separator: " ; ")
        case .followUpAccepted(let body): "Accepté par \(names.person(body.by.rpps))\(team(body.team, names)) : \(names.title(body.followUp))"
        case .followUpDeclined(let body):
            "\(body.givenBack ? "Rendu" : "Refusé") par \(names.person(body.by.rpps))\(team(body.team, names)) (\(reason(body.reason))) : \(names.title(body.followUp))"
        case .followUpCompleted(let body): "\(outcome(body.outcome)) par \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .followUpNoted(let body): "Note de \(names.person(body.by.rpps)) sur \(names.title(body.followUp)) : \(body.note)"
        case .followUpsWithdrawn(let body): body.withdrawals.map { withdrawal($0, names) }.joined(separator: " ; ")
        case .withdrawalAcknowledged(let body): "Retrait vu par \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .pathwayTakenOver(let body): "Parcours repris du territoire \(body.from)"
        case .pathwayHandedOver(let body): "Parcours confié au territoire \(body.to) (\(handOver(body.reason)))"
        case .entryRetracted(let body): "Note retirée par \(names.person(body.by.rpps)) (\(word(body.reason)))"
        case .offersLapsed(let body) where body.away: "Plus demandé à \(names.addressees(body.to)), qui s’absente : \(names.title(body.followUp))"
        case .offersLapsed(let body): "Sans réponse à temps de \(names.addressees(body.to)) : \(names.title(body.followUp))"
        case .solicitationRestarted(let body): "Proposé de nouveau à la demande de \(names.person(body.by.rpps)) : \(names.title(body.followUp))"
        case .followUpEscalated(let body): escalation(body, names)
        case .followUpsHeld(let body):
            "En attente, le patient est de nouveau hospitalisé : " + body.followUps.map(names.title).joined(separator: " ; ")
        case .followUpsResumed(let body):
            "Reprise, le patient est sorti de l’hôpital : " + body.followUps.map(names.title).joined(separator: " ; ")
        case .alertSignReported(let body): alert(body, names)
        case .prescriptionMissing(let body): "Ordonnance manquante, signalée par \(names.person(body.by.rpps))" + note(body.note)
        case .prescriptionObtained(let body): "Ordonnance reçue, dit \(names.person(body.by.rpps))"
        case .pradoEnrolled(let body): "Inscription à PRADO, notée par \(names.person(body.by.rpps)) : l’Assurance Maladie prend les rendez-vous"
        case .pradoLeft(let body): "Fin de PRADO, notée par \(names.person(body.by.rpps))"
        case .careRefused(let body): refusal(body, names)
        case .refusalTakenBack(let body): "Le patient accepte de nouveau d’être suivi, noté par \(names.person(body.by.rpps))"
        case .pathwayClosed(let body): "Parcours clos\(by(body.by, names)) (\(closing(body.reason)))"
        case .pathwayReopened(let body): "Parcours rouvert\(by(body.by, names))"
        }
    }

    private static func unit(_ movement: Movement, _ before: String, _ names: Names) -> String {
        guard names.tellsHealth else { return "" }
        return movement.unit.map { before + ($0.label ?? "unité \($0.code)") } ?? ""
    }

    private static func discharge(_ destination: DischargeDestination) -> String {
        switch destination {
        case .home: "Sortie à domicile"
        case .smr: "Sortie vers des soins médicaux et de réadaptation"
        case .had: "Sortie en hospitalisation à domicile"
        case .ehpad: "Sortie vers un EHPAD ou un établissement médico-social"
        case .transfer: "Transfert vers un autre établissement"
        case .againstAdvice: "Sortie contre avis médical"
        case .death: "Décès à l’hôpital"
        case .unknown: "Sortie, destination à préciser"
        }
    }

    private static func cancellation(_ kind: MovementKind) -> String {
        switch kind {
        case .admissionAnnouncement: "Annonce d’entrée annulée"
        case .preadmission: "Entrée prévue annulée"
        case .admission: "Entrée annulée"
        case .emergencyVisit: "Passage annulé"
        case .classChange: "Changement de prise en charge annulé"
        case .transferAnnouncement: "Annonce de changement d’unité annulée"
        case .transfer: "Changement d’unité annulé"
        case .attendingChange: "Changement de médecin responsable annulé"
        case .leave: "Absence temporaire annulée"
        case .leaveReturn: "Retour d’absence annulé"
        case .dischargeAnnouncement: "Annonce de sortie annulée"
        case .discharge: "Sortie annulée"
        }
    }

    private static func noun(_ kind: MovementKind) -> String {
        switch kind {
        case .admissionAnnouncement: "annonce d’entrée"
        case .preadmission: "entrée prévue"
        case .admission: "entrée"
        case .emergencyVisit: "passage"
        case .classChange: "changement de prise en charge"
        case .transferAnnouncement: "annonce de changement d’unité"
        case .transfer: "changement d’unité"
        case .attendingChange: "médecin responsable"
        case .leave: "absence temporaire"
        case .leaveReturn: "retour d’absence"
        case .dischargeAnnouncement: "annonce de sortie"
        case .discharge: "sortie"
        }
    }

    private static func classChange(_ patientClass: PatientClass?) -> String {
        switch patientClass {
        case .emergency: "Prise en charge aux urgences"
        case .inpatient: "Passage en hospitalisation complète"
        case .recurring: "Passage en hospitalisation de jour ou en séances"
        case .outpatient: "Passage en soins externes"
        case .remote: "Passage en télésurveillance"
        case .notApplicable, nil: "Changement de prise en charge"
        }
    }

    /// When what is announced is expected, where the hospital says it.
    private static func expected(_ movement: Movement, _ names: Names, _ before: String) -> String {
        movement.expectedAt.map { before + FrenchTime.short($0, in: names.timeZone) } ?? ""
    }

    private static func evidence(_ evidence: HomeReturnEvidence) -> String {
        switch evidence {
        case .visit: "visite"
        case .phoneCallPatient: "appel au patient"
        case .phoneCallFamily: "appel à un proche"
        case .seenByProfessional: "vu sur place"
        case .hospitalTransport: "transport de l’hôpital"
        }
    }

    private static func solicitation(_ solicitation: OffersMade.Solicitation, _ names: Names) -> String {
        let title = names.title(solicitation.followUp)
        guard solicitation.to.isEmpty else {
            return "Proposé à \(names.addressees(solicitation.to)) : \(title)"
        }
        let reason = solicitation.assignment.reason.map { " (\(Coverage.french($0)))" } ?? ""
        return "Confié au référent-parcours\(reason) : \(title)"
    }

    private static func handOver(_ reason: HandOverReason) -> String {
        switch reason {
        case .moved: "le domicile du patient s’y trouve"
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
}
