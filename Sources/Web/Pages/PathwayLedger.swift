import FrenchText
import Pathways
import Timekeeping

/// « Qui a été prévenu » on the page of a pathway, and first of all whether its reader was.
struct PathwayLedger: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        let name: String
        let role: String?
        let what: String
        let steps: [Step]
    }

    /// One thing that is known of the message.
    struct Step: Sendable, Hashable {
        let words: String
        let at: Moment
    }

    /// « Et moi ? »
    let own: String
    let rows: [Row]
    let isEmpty: Bool

    init(_ view: LedgerView, _ people: PeopleNames, _ clock: FrenchClock, title: (String) -> String) {
        own =
            switch view.own {
            case .told(let at, let channel): "Vous avez été prévenu·e le \(clock.text(at)) par \(channel.frenchName)."
            case .notReached: "Un message vous était destiné, mais il n’a pas pu vous être remis."
            case .notTold: "Vous n’avez pas été prévenu·e de ce parcours."
            }
        rows = view.rows.map { row in
            Row(
                name: people.words(row.recipient),
                role: people.role(row.recipient)?.frenchName,
                what: title(row.template),
                steps: Self.steps(row, people).sorted { $0.at < $1.at }.map { Step(words: $0.words, at: clock.moment($0.at)) }
            )
        }
        isEmpty = view.rows.isEmpty
    }

    /// In the order in which they usually happen, which decides where two have the same instant.
    private static func steps(_ row: LedgerRow, _ people: PeopleNames) -> [(words: String, at: Instant)] {
        var steps = row.handOvers.map { handOver in
            (words: "\(handOver.reminder == 0 ? "Remis" : "Rappel remis") par \(handOver.channel.frenchName)", at: handOver.at)
        }
        if let at = row.deliveredAt { steps.append(("Arrivé", at)) }
        steps += row.returns.map { ("Revenu par \($0.channel.frenchName) : \($0.reason.frenchName)", $0.at) }
        if let failure = row.failure {
            let told = failure.told.map { "prévenu·e à la place : \(people.words($0))" } ?? "personne n’a pu être prévenu à la place"
            steps.append(("Injoignable (\(failure.reason.frenchName)) ; \(told)", failure.at))
        }
        if let at = row.openedAt { steps.append(("Lu", at)) }
        if let at = row.actedAt { steps.append(("A répondu", at)) }
        return steps
    }
}
