import EventStore
import Foundation
import Pathways
import Timekeeping

/// Puts an explanation together from an item, its story, and what the territory had published.
struct ExplanationBuilder {
    let item: ExplainedItem
    let standpoint: Standpoint
    let followUp: FollowUp?
    let story: [ToldEvent]
    let territory: Territory?
    let publication: TerritoryHistory.Publication?
    /// When the last event of the log up to the position was recorded.
    let logTime: Instant?

    func explanation(of pathway: StreamID, asOf position: Int64) -> Explanation {
        let shown = isNamed ? item : item.withoutHealth
        let asked = AskedBefore(item.followUp, in: story).asks.map(asked)
        let next = nextAsked.map { party(Addressee(rawValue: $0)) }
        let words = ExplanationWords(item: shown, rule: rule, asked: asked, holder: holder, owner: owner, names: names)
        return Explanation(
            position: position,
            pathway: pathway,
            item: shown,
            holder: holder,
            owner: owner,
            because: Causes.find(item, from: standpoint, in: story).map(cause),
            rule: rule,
            asked: asked,
            next: next,
            nextDeadline: followUp?.nextDeadline,
            sentence: words.sentence
        )
    }

    // MARK: - Parts

    /// Whether the reader is one whom the patient is named to; who is merely asked learns what is to be done, where and when.
    private var isNamed: Bool {
        switch standpoint {
        case .owner: true
        case .asked(let addressee): isShown(to: addressee)
        case .told(let rpps): followUp?.acceptedBy == rpps || isShown(to: rpps)
        }
    }

    private func isShown(to addressee: String) -> Bool {
        followUp?.assignment.map { IdentityRule.isShown(to: addressee, asked: $0) } ?? false
    }

    private func cause(_ told: ToldEvent) -> Explanation.Cause {
        let event = told.event.narrowed(to: item.followUp) ?? told.event.withoutNote
        return Explanation.Cause(
            position: told.position,
            id: told.recorded.id,
            type: told.recorded.type,
            occurredAt: told.recorded.time,
            recordedAt: told.recorded.recordedAt,
            sentence: Sentence.pathway(event, names)
        )
    }

    private var rule: Explanation.Rule {
        let reference = item.plan.rule
        let found = publication?.followUpProtocol.rule(reference.rule)
        return Explanation.Rule(
            protocolID: reference.followUpProtocol,
            version: item.plan.protocolVersion,
            rule: reference.rule,
            title: item.plan.title,
            protocolTitle: publication?.followUpProtocol.title,
            source: found?.source,
            sourceDate: found?.sourceDate,
            doubt: found?.doubt,
            publishedAt: publication?.position
        )
    }

    private func asked(_ ask: AskedBefore.Ask) -> Explanation.Asked {
        Explanation.Asked(
            party: party(Addressee(rawValue: ask.offer.to)),
            wave: ask.offer.wave,
            position: ask.position,
            at: ask.offer.at,
            until: ask.offer.until,
            basis: ask.basis,
            load: ask.load,
            answer: ask.answer,
            reason: ask.reason,
            answeredAt: ask.answeredAt,
            answeredBy: ask.answeredBy.map { party(.professional($0)) }
        )
    }

    /// As far as the log tells who will be there: at the instant at which the next ones would be asked.
    private var nextAsked: [String] {
        guard let followUp, followUp.status == .open, let territory else { return [] }
        guard let at = followUp.pendingOffers.map(\.until).min() ?? logTime else { return [] }
        return followUp.nextAsked { territory.canBeAsked($0, at: at) }
    }

    private var owner: Explanation.Party? {
        switch followUp?.owner {
        case .professional(let rpps): party(.professional(rpps))
        case .referent: referent
        case nil: nil
        }
    }

    private var holder: Explanation.Party? {
        switch standpoint {
        case .asked(let addressee): party(Addressee(rawValue: addressee))
        case .told(let rpps): party(.professional(rpps))
        case .owner: item.acceptedBy.map { party(.professional($0)) } ?? (item.state.isPending ? referent : nil)
        }
    }

    private var referent: Explanation.Party? { territory.map { .init(addressee: .professional($0.referent.rpps.value), name: $0.referent.name) } }

    // MARK: - Names

    private func party(_ addressee: Addressee) -> Explanation.Party {
        switch addressee {
        case .professional(let rpps): .init(addressee: addressee, name: professional(rpps))
        case .team(let id): .init(addressee: addressee, name: team(id))
        }
    }

    private func professional(_ rpps: String) -> String? {
        guard let territory, let number = try? RPPS(rpps) else { return nil }
        if let professional = territory.professional(number) { return professional.fullName }
        return territory.referent.rpps == number ? territory.referent.name : nil
    }

    private func team(_ id: String) -> String? { territory?.teams.first { $0.id == id }?.name }

    private var names: Sentence.Names {
        var names = Sentence.Names(
            timeZone: territory.flatMap { TimeZone(identifier: $0.timeZone) } ?? DirectoryReader.fallbackZone,
            professional: professional,
            commune: { code in (try? CommuneCode(code)).flatMap { territory?.commune($0)?.name } },
            followUp: { $0 == item.followUp ? item.plan.title : nil },
            team: team
        )
        names.tellsHealth = isNamed
        return names
    }
}

extension Territory {
    /// Whether somebody, or one of a team, is there to be asked.
    fileprivate func canBeAsked(_ addressee: Addressee, at instant: Instant) -> Bool {
        switch addressee {
        case .professional(let text): (try? RPPS(text)).map { professional($0) != nil && !isAbsent($0, at: instant) } ?? false
        case .team(let id):
            teams.first { $0.id == id }.map { team in
                team.members.contains { professional($0)?.role == team.role && !isAbsent($0, at: instant) }
            } ?? false
        }
    }
}

extension PathwayEvent {
    /// A note may be taken back, and says what only the timeline may tell.
    fileprivate var withoutNote: PathwayEvent {
        switch self {
        case .alertSignReported(let body):
            .alertSignReported(
                AlertSignReported(report: body.report, at: body.at, by: body.by, sign: body.sign, followUp: body.followUp, called: body.called)
            )
        case .prescriptionMissing(let body):
            .prescriptionMissing(PrescriptionMissing(report: body.report, at: body.at, by: body.by, followUp: body.followUp))
        default: self
        }
    }
}
