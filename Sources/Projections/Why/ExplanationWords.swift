import Pathways
import Timekeeping

/// An explanation in one sentence of French.
struct ExplanationWords {
    let item: ExplainedItem
    let rule: Explanation.Rule
    let asked: [Explanation.Asked]
    let holder: Explanation.Party?
    let owner: Explanation.Party?
    let names: Sentence.Names

    var sentence: String {
        let title = "« \(item.plan.title) »"
        let reason = "parce que \(cause) le demande, selon \(ruleWords)"
        return switch item.state {
        case .offered: "\(title) est proposé à \(name(holder)) depuis le \(time(item.since))\(answerWords), \(reason)\(before)."
        case .accepted: "\(title) est à faire par \(name(holder)), qui l’a accepté\(teamWords), \(reason)\(before)."
        case .owned: "\(title) revient à \(referent)\(waiting), \(reason)\(before)."
        case .onHold: "\(title) attend depuis le \(time(item.hold?.since ?? item.since)), car le patient est de nouveau hospitalisé ; \(keeper)."
        case .notice: "\(title) a été retiré à \(name(holder)) le \(time(item.since))\(withdrawalWords) ; \(origin)."
        case .done: "\(title) a été fait ou constaté le \(time(item.since)) par \(name(holder)) ; \(origin)."
        case .withdrawn: "\(title) a été retiré le \(time(item.since))\(withdrawalWords) ; \(origin)."
        }
    }

    // MARK: - Parts

    private func name(_ party: Explanation.Party?) -> String {
        guard let party else { return "personne" }
        return names.addressee(party.addressee.rawValue)
    }

    private func time(_ instant: Instant) -> String { FrenchTime.short(instant, in: names.timeZone) }

    private var referent: String { owner.map { "\(name($0)), référent-parcours" } ?? "référent-parcours, que personne n’est encore" }

    private var keeper: String {
        item.acceptedBy == nil ? "\(owner.map { name($0) } ?? "le référent-parcours") veille à la suite" : "\(name(owner)) le garde"
    }

    /// What asked for it, of what has ended.
    private var origin: String { "c’était demandé par \(cause), selon \(ruleWords)" }

    private var answerWords: String { item.answerBy.map { ", réponse souhaitée avant le \(time($0))" } ?? "" }

    private var teamWords: String { item.team.map { " pour \(names.addressee(Addressee.team($0).rawValue))" } ?? "" }

    private var withdrawalWords: String { item.withdrawal.map { " (\(Sentence.word($0)))" } ?? "" }

    private var waiting: String {
        if let reason = item.reason { return " (\(Coverage.french(reason)))" }
        let waited = asked.filter { $0.answer == .made }.map { name($0.party) }
        return waited.isEmpty ? "" : ", qui attend une réponse (\(Self.list(waited)))"
    }

    /// Who was asked earlier, and said no, nothing, or gave it back.
    private var before: String {
        let earlier = asked.filter { ($0.answer == .declined || $0.answer == .lapsed) && $0.position < item.beforeWhich }
        return earlier.isEmpty ? "" : ", après \(Self.list(earlier.map(answered)))"
    }

    private func answered(_ asked: Explanation.Asked) -> String {
        switch asked.reason {
        case let reason? where asked.answer == .declined: "\(name(asked.party)) (\(Sentence.reason(reason)))"
        default: "\(name(asked.party)) (sans réponse à temps)"
        }
    }

    private var ruleWords: String {
        "la règle \(rule.rule) du protocole « \(rule.protocolTitle ?? rule.protocolID) », version \(rule.version)"
    }

    private var cause: String {
        switch item.anchor {
        case .movement(let movement) where item.plan.trigger == .homeReturnMissing:
            "le retour à domicile, non confirmé depuis \(Self.movement(movement, time)),"
        case .movement(let movement): Self.movement(movement, time)
        case .alert(let sign, let at, let by):
            "le signe d’alerte\(sign.map { " (\(Sentence.word($0)))" } ?? "") signalé par \(names.person(by)) le \(time(at))"
        case .missingPrescription(let at, let by, _): "l’ordonnance manquante signalée par \(names.person(by)) le \(time(at))"
        case nil: "ce qui est connu du séjour"
        }
    }

    private static func movement(_ movement: ExplainedItem.MovementAnchor, _ time: (Instant) -> String) -> String {
        if let planned = movement.plannedDischargeAt { return "la sortie prévue le \(time(planned))" }
        let what =
            switch movement.kind {
            case .discharge: discharge(movement.destination)
            case .admission: "l’entrée à l’hôpital"
            case .preadmission, .admissionAnnouncement: "l’entrée prévue"
            case .emergencyVisit: "le passage aux urgences ou en consultation"
            case .classChange, .transferAnnouncement, .transfer, .attendingChange, .leave, .leaveReturn, .dischargeAnnouncement: "le séjour"
            }
        return "\(what) du \(time(movement.at))"
    }

    private static func discharge(_ destination: DischargeDestination?) -> String {
        switch destination {
        case .home: "la sortie à domicile"
        case .smr: "la sortie vers des soins médicaux et de réadaptation"
        case .had: "la sortie en hospitalisation à domicile"
        case .ehpad: "la sortie vers un EHPAD ou un établissement médico-social"
        case .transfer: "le transfert vers un autre établissement"
        case .againstAdvice: "la sortie contre avis médical"
        case .death: "le décès à l’hôpital"
        case .unknown, nil: "la sortie"
        }
    }

    private static func list(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " et " + last
    }
}

extension ExplainedItem {
    /// Only who was asked before this offer was asked « before » somebody who is asked; for others everybody was.
    fileprivate var beforeWhich: Int64 { state == .offered ? from : .max }
}
