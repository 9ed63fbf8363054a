import FrenchText
import Pathways
import Projections

/// One follow-up on the page of its pathway: its state, its one owner, and who was asked.
struct PathwayFollowUp: Sendable, Hashable {
    struct Asked: Sendable, Hashable {
        let name: String
        let answer: String
        let at: Moment
    }

    let anchor: String
    let title: String
    let role: String
    let status: StatusWord
    let owner: String
    /// Nil while it is on hold: nothing is due then.
    let dueBy: Moment?
    /// What came of it, or why it was withdrawn.
    let ending: String?
    let reason: String?
    /// Shown to those who answer for the order: the référent-parcours and the unit.
    let asked: [Asked]
    let why: String

    init(_ followUp: FollowUp, replayed: Replayed, _ surroundings: PathwayPage.Surroundings) {
        let plan = followUp.plan
        let clock = surroundings.clock
        anchor = "s-\(plan.id)"
        title = plan.title
        role = plan.role.frenchName
        status = Self.status(followUp, isLate: followUp.isLate(at: replayed.now))
        let accountable = followUp.acceptedBy ?? replayed.referent
        let referentName = surroundings.territory.territory?.referent.name
        owner =
            followUp.acceptedBy == nil
            ? "\(referentName ?? CareRole.referent.frenchName) (référent-parcours)"
            : accountable.flatMap { surroundings.name($0) ?? "RPPS \($0)" } ?? CareRole.referent.frenchName
        dueBy = followUp.status == .onHold ? nil : clock.moment(plan.dueBy)
        ending =
            followUp.outcome.map { outcome in
                [outcome.frenchName, followUp.closedAt.map(clock.text)].compactMap(\.self).joined(separator: ", ")
            } ?? followUp.withdrawal?.frenchSentence
        reason = followUp.status == .open ? followUp.assignment?.reason.map(AssignmentWords.reason) : nil
        let mayLook = surroundings.caller.isReferent || surroundings.caller.isHospital
        asked =
            mayLook
            ? followUp.offers.map { offer in
                let name = AddresseeName.of(offer.to, in: surroundings.territory.territory, professional: surroundings.name)
                return Asked(name: name, answer: offer.answer.frenchName, at: clock.moment(offer.at))
            } : []
        why = WhySentence.rule(
            protocolID: plan.rule.followUpProtocol,
            rule: plan.rule.rule,
            version: plan.protocolVersion,
            in: surroundings.territory.protocols
        )
    }

    private static func status(_ followUp: FollowUp, isLate: Bool) -> StatusWord {
        switch followUp.status {
        case .done: StatusWord("Fait", .calm)
        case .withdrawn: StatusWord("Retiré", .over)
        case .open: isLate ? StatusWord("En retard, à attribuer", .late) : StatusWord("À attribuer", .waiting)
        case .accepted: isLate ? StatusWord("En retard", .late) : StatusWord("Accepté", .calm)
        case .onHold: StatusWord(FollowUpWords.onHold, .over)
        }
    }
}
