import FrenchText
import Pathways
import Projections
import Timekeeping

/// « Pourquoi ? »: the explanation of one item, on a page of its own. It names no patient, so that whoever is only asked may read it; it names
/// who was asked before, since the order is to be the same for everybody, and seen to be.
struct WhyPage: PageModel, Hashable {
    static let template = PageTemplate.why

    /// Somebody who was asked.
    struct Asked: Sendable, Hashable {
        let name: String
        let answer: String
        let at: Moment
        let answeredAt: Moment?
    }

    /// An event without which the item would not be there.
    struct Cause: Sendable, Hashable {
        let words: String
        let occurred: Moment
    }

    let head: PageHead
    let title: String
    let sentence: String
    /// The text that the rule rests on.
    let source: String?
    let doubt: String?
    let asked: [Asked]
    /// Who comes after those who are asked now.
    let next: String?
    let deadline: Moment?
    let causes: [Cause]
    let position: Int64
    let back: String

    /// - Parameter reader: who reads, so that they are not asked « before » themselves.
    init(_ explanation: Explanation, reader: Set<String>, caller: PageHead.Badge, clock: FrenchClock) {
        head = PageHead(title: "Pourquoi ?", caller: caller)
        title = explanation.rule.title
        sentence = explanation.sentence
        source = explanation.rule.source.map { source in
            let date = explanation.rule.sourceDate.map { ", \(FrenchClock.date($0))" } ?? ""
            return "\(source)\(date)"
        }
        doubt = explanation.rule.doubt
        let own = explanation.asked.first { reader.contains($0.party.addressee.rawValue) }
        asked = explanation.asked
            .filter { asked in !reader.contains(asked.party.addressee.rawValue) && own.map { asked.wave < $0.wave } ?? true }
            .map { asked in
                Asked(
                    name: Self.name(asked.party),
                    answer: asked.answer.frenchName,
                    at: clock.moment(asked.at),
                    answeredAt: asked.answeredAt.map(clock.moment)
                )
            }
        next = explanation.next.isEmpty ? nil : explanation.next.map(Self.name).joined(separator: ", ")
        deadline = explanation.nextDeadline.map { clock.moment($0.at) }
        causes = explanation.because.map { Cause(words: $0.sentence, occurred: clock.moment($0.occurredAt)) }
        position = explanation.position
        back = "\(ToDoPageRoutes.path)#s-\(explanation.item.followUp)"
    }

    private static func name(_ party: Explanation.Party) -> String {
        switch party.addressee {
        case .professional(let rpps): party.name ?? "RPPS \(rpps)"
        case .team(let id): party.name ?? id
        }
    }
}
