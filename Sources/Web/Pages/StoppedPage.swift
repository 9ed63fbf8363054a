import FrenchText
import Pathways
import Timekeeping

/// « Notifications arrêtées »: what goes no further by itself, for the référent-parcours.
struct StoppedPage: PageModel, Hashable {
    static let template = PageTemplate.stopped

    struct Section: Sendable, Hashable {
        let id: String
        let title: String
        let hint: String
        let count: Int
        let messages: [Message]
    }

    struct Message: Sendable, Hashable {
        let id: String
        let name: String
        let role: String?
        let what: [String]
        let since: Moment
        /// What happened, in words.
        let cause: String
        /// For whoever mends it, as the program said it.
        let problem: String?
    }

    let head: PageHead
    let flash: Flash?
    let sections: [Section]
    let isEmpty: Bool

    init(
        parked: [StoppedMessage],
        undeliverable: [StoppedMessage],
        caller: PageCaller,
        flash: Flash?,
        _ people: PeopleNames,
        _ clock: FrenchClock,
        title: (String) -> String
    ) {
        head = PageHead(title: "Notifications arrêtées", caller: caller.badge)
        self.flash = flash
        let drawn = [
            Section(
                id: "en-panne",
                title: "En panne",
                hint: "Ces messages n’ont pas pu être préparés. Personne ne les a reçus.",
                count: parked.count,
                messages: parked.map { Message($0, people, clock, title) }
            ),
            Section(
                id: "non-remis",
                title: "Non remis depuis 7 jours",
                hint: "Tous les moyens ont été essayés. Un appel reste le plus sûr ; vous pouvez aussi corriger l’adresse, puis réessayer.",
                count: undeliverable.count,
                messages: undeliverable.map { Message($0, people, clock, title) }
            ),
        ].filter { $0.count > 0 }
        sections = drawn
        isEmpty = drawn.isEmpty
    }
}

extension StoppedPage.Message {
    fileprivate init(_ message: StoppedMessage, _ people: PeopleNames, _ clock: FrenchClock, _ title: (String) -> String) {
        id = message.message
        name = people.words(message.recipient)
        role = people.role(message.recipient)?.frenchName
        var titles: [String] = []
        for words in message.templates.map(title) where !titles.contains(words) { titles.append(words) }
        what = titles
        since = clock.moment(message.since)
        switch message.cause {
        case .parked(let problem):
            cause = "Le message n’a pas pu être préparé."
            self.problem = problem
        case .undeliverable(let reason, let tried, let told):
            let ways = tried.isEmpty ? "" : " Essayé par \(tried.map(\.frenchName).joined(separator: ", "))."
            let instead = told.map { " Prévenu·e à la place : \(people.words($0))." } ?? " Personne n’a pu être prévenu à la place."
            cause = "Non remis : \(reason.frenchName).\(ways)\(instead)"
            problem = nil
        }
    }
}
