import FrenchText
import Pathways
import Projections

/// « Pourquoi ? »: the protocol and the rule that ask for a follow-up, and why it came to this person. The same log gives the same words.
enum WhySentence {
    static func rule(protocolID: String, rule: String, version: Int, in library: ProtocolLibrary) -> String {
        guard let followUpProtocol = library[protocolID], let found = followUpProtocol.rule(rule), followUpProtocol.version == version else {
            return "Demandé par le protocole « \(library[protocolID]?.title ?? protocolID) », dans sa version \(version)."
        }
        let occurrence = found.occurrence.map { " (\($0.number) sur \($0.total))" } ?? ""
        return "Demandé par le protocole « \(followUpProtocol.title) », version \(version)\(occurrence) : \(window(found)). "
            + "Source : \(found.source), \(FrenchClock.date(found.sourceDate))."
    }

    private static func window(_ rule: ProtocolRule) -> String {
        switch rule.trigger {
        case .homeReturnMissing: return "le retour à domicile n’a pas été confirmé à temps"
        case .alertSign: return "un signe d’alerte a été signalé, à revoir au plus tard \(rule.window.to.frenchName(for: rule.trigger))"
        case .prescriptionMissing: return "une ordonnance manque, à obtenir au plus tard \(rule.window.to.frenchName(for: rule.trigger))"
        case .discharge, .dischargePlanned, .admissionPlanned, .admission: break
        }
        let end = rule.window.to.frenchName(for: rule.trigger)
        return rule.window.from == rule.window.to ? end : "au plus tard \(end)"
    }

    /// Why it came to whoever reads the list.
    static func assignment(_ item: ToDoItem) -> String? {
        switch (item.kind, item.basis) {
        case (.owned, _): item.assignmentReason.map(AssignmentWords.reason)
        case (.notice, _): nil
        case (.escalated, _): "Un délai est passé, et vous en êtes prévenu·e."
        case (.accepted, _): "Vous avez accepté ce suivi."
        case (.onHold, _): "Le patient est de nouveau hospitalisé : ce suivi attend sa sortie."
        case (.offered, _) where item.team != nil: team(item)
        case (.offered, .declared): item.patient == nil && !item.isReadersPatient ? coverage(item) : "Le patient vous a déclaré·e à l’hôpital."
        case (.offered, .unit): "Vous êtes le contact de l’unité de sortie."
        case (.offered, .circle): item.patient == nil && !item.isReadersPatient ? coverage(item) : "Vous suivez déjà ce patient pour un autre soin."
        case (.offered, .coverage): coverage(item)
        case (.offered, .some(.none)), (.offered, nil): nil
        }
    }

    private static func team(_ item: ToDoItem) -> String {
        let place = item.commune.map { " : \($0)" } ?? ""
        return "C’est une commune où votre équipe intervient\(place). Qui le prend en devient responsable."
    }

    private static func coverage(_ item: ToDoItem) -> String {
        item.commune.map { "C’est une commune où vous intervenez : \($0)." } ?? "C’est une commune où vous intervenez."
    }
}
