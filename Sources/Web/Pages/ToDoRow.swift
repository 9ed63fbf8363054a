import FrenchText
import Pathways
import Projections
import Timekeeping

/// One follow-up of a to-do list.
struct ToDoRow: Sendable, Hashable {
    struct Waiting: Sendable, Hashable {
        let name: String
        let before: Moment
    }

    /// Where a redirect comes back to.
    let anchor: String
    let title: String
    /// What stands beside the title, in words; its look only repeats them.
    let status: StatusWord
    let priority: String?
    /// Whose shared queue it stands in, or for whom it was taken.
    let team: String?
    /// Nil while it is on hold: nothing is due then.
    let dueBy: Moment?
    /// Why nobody can be asked; for the référent-parcours.
    let coverage: String?
    /// What was seen at the bedside, that it hangs on.
    let reported: String?
    /// The last deadline that passed, and who was told.
    let escalation: String?
    let answerBy: Moment?
    /// Whose care it is; shown to the référent-parcours.
    let role: String?
    /// Who accepted it, and has not done it.
    let keeper: String?
    let waiting: [Waiting]
    let notice: String?
    let why: String
    let whyYou: String?
    let asked: AskedBefore?
    /// The whole explanation, on a page of its own.
    let whyPath: String
    let forms: FollowUpForms

    init(_ item: ToDoItem, list: ToDoList, clock: FrenchClock, _ surroundings: ToDoPage.Surroundings) {
        anchor = "s-\(item.followUp)"
        // A death is told in one sober line, without the care that was to come.
        let isDeath = item.kind == .notice && item.withdrawal == .deceased
        title = isDeath ? "Décès du patient" : item.title
        status = StatusWord(item, bucket: list.bucket(of: item))
        priority = item.priority.frenchName
        team = item.team?.name
        dueBy = item.kind == .onHold ? nil : clock.moment(item.dueBy)
        let isLeft = item.kind == .owned && item.waitingFor.isEmpty
        coverage = isLeft ? item.assignmentReason.map(AssignmentWords.reason) : nil
        answerBy = item.answerBy.map(clock.moment)
        role = item.kind == .owned || item.kind == .escalated ? item.role.frenchName : nil
        keeper = item.kind == .escalated ? item.owner.map { $0.name ?? "RPPS \($0.rpps)" } : nil
        waiting = item.waitingFor.map { Waiting(name: Self.name(of: $0), before: clock.moment($0.answerBy)) }
        reported = item.report.map { Self.words($0, clock) }
        escalation = item.escalations.last.map { Self.words($0, clock) }
        notice =
            isDeath
            ? "Le patient est décédé. Rien n’est plus à faire, et il ne sera plus rien proposé le concernant."
            : item.kind == .notice ? item.withdrawal?.frenchSentence ?? "Ce suivi a été retiré." : nil
        why = WhySentence.rule(protocolID: item.protocolID, rule: item.rule, version: item.protocolVersion, in: surroundings.library)
        whyYou = WhySentence.assignment(item)
        let outlook = surroundings.outlook(item)
        // Who is told that it ended needs no story of who was asked.
        asked = item.kind == .notice ? nil : outlook?.asked
        whyPath = "/a-faire/\(item.followUp)/pourquoi"
        forms = Self.forms(item, in: list, clock.fieldValue(list.now), surroundings.key, next: outlook?.next)
    }

    private static func name(of asked: ToDoItem.Asked) -> String {
        switch asked.addressee {
        case .professional(let rpps): asked.name ?? "RPPS \(rpps)"
        case .team(let id): asked.name ?? id
        }
    }

    private static func words(_ report: ToDoItem.Report, _ clock: FrenchClock) -> String {
        let what = report.sign.map { "Signe signalé : \($0.frenchName.lowercased())" } ?? "Ordonnance manquante, signalée"
        return "\(what), par \(report.by.name ?? "RPPS \(report.by.rpps)"), \(clock.text(report.at))"
    }

    private static func words(_ escalation: ToDoItem.Escalation, _ clock: FrenchClock) -> String {
        let told = escalation.told.map { $0.name ?? "RPPS \($0.rpps)" }.joined(separator: ", ")
        let reason =
            switch escalation.reason {
            case .dueSoon: "Échéance proche"
            case .overdue: "Échéance passée"
            case .heldForLong: "En attente depuis longtemps"
            }
        return told.isEmpty ? "\(reason) \(clock.text(escalation.at))" : "\(reason) \(clock.text(escalation.at)) : \(told) prévenu·e"
    }

    private static func forms(_ item: ToDoItem, in list: ToDoList, _ now: String, _ key: String, next: NextAsked?) -> FollowUpForms {
        var forms = FollowUpForms(key: key)
        switch item.kind {
        case .offered:
            forms.accept = FollowUpForms.accept(item.followUp, asReferent: false, team: item.team?.id)
            forms.decline = FollowUpForms.decline(item.followUp, givingBack: false, team: item.team?.id, next: next)
        case .accepted:
            forms.done = FollowUpForms.done(item.followUp, now: now)
            forms.decline = FollowUpForms.decline(item.followUp, givingBack: true, next: next)
            forms.report = FollowUpForms.report(item.followUp)
        case .owned:
            forms.accept = FollowUpForms.accept(item.followUp, asReferent: true)
            forms.done = FollowUpForms.done(item.followUp, now: now)
            // What is the référent's by its role goes to nobody else.
            if item.waitingFor.isEmpty, item.role != .referent { forms.askAgain = FollowUpForms.askAgain(item.followUp) }
        case .escalated:
            guard list.isReferent else { break }
            forms.takeBack = FollowUpForms.takeBack(item.followUp)
            forms.done = FollowUpForms.done(item.followUp, now: now)
        // It waits for the patient to leave hospital again, and for nobody here.
        case .onHold: break
        case .notice:
            forms.seen = FollowUpForms.seen(item.followUp)
        }
        return forms
    }
}
