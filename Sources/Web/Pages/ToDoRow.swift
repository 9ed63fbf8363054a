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
    let dueBy: Moment
    let answerBy: Moment?
    /// Whose care it is; shown to the référent-parcours.
    let role: String?
    let waiting: [Waiting]
    let notice: String?
    let why: String
    let whyYou: String?
    let forms: FollowUpForms

    init(_ item: ToDoItem, list: ToDoList, clock: FrenchClock, _ surroundings: ToDoPage.Surroundings) {
        anchor = "s-\(item.followUp)"
        // A death is told in one sober line, without the care that was to come.
        let isDeath = item.kind == .notice && item.withdrawal == .deceased
        title = isDeath ? "Décès du patient" : item.title
        status = StatusWord(item, bucket: list.bucket(of: item))
        priority = item.priority.frenchName
        dueBy = clock.moment(item.dueBy)
        answerBy = item.answerBy.map(clock.moment)
        role = item.kind == .owned ? item.role.frenchName : nil
        waiting = item.waitingFor.map { Waiting(name: $0.name ?? "RPPS \($0.rpps)", before: clock.moment($0.answerBy)) }
        notice =
            isDeath
            ? "Le patient est décédé. Rien n’est plus à faire, et il ne sera plus rien proposé le concernant."
            : item.kind == .notice ? item.withdrawal?.frenchSentence ?? "Ce suivi a été retiré." : nil
        why = WhySentence.rule(protocolID: item.protocolID, rule: item.rule, version: item.protocolVersion, in: surroundings.library)
        whyYou = WhySentence.assignment(item)
        forms = Self.forms(item, clock.fieldValue(list.now), surroundings)
    }

    private static func forms(_ item: ToDoItem, _ now: String, _ surroundings: ToDoPage.Surroundings) -> FollowUpForms {
        var forms = FollowUpForms(key: surroundings.key)
        switch item.kind {
        case .offered:
            forms.accept = FollowUpForms.accept(item.followUp, asReferent: false)
            forms.decline = FollowUpForms.decline(item.followUp, givingBack: false, next: surroundings.next(item))
        case .accepted:
            forms.done = FollowUpForms.done(item.followUp, now: now)
            forms.decline = FollowUpForms.decline(item.followUp, givingBack: true, next: surroundings.next(item))
        case .owned:
            forms.accept = FollowUpForms.accept(item.followUp, asReferent: true)
            forms.done = FollowUpForms.done(item.followUp, now: now)
        case .notice:
            forms.seen = FollowUpForms.seen(item.followUp)
        }
        return forms
    }
}
