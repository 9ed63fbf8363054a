import FrenchText
import Pathways

/// A secure mail: one block a patient, and what is asked first.
struct SecureText {
    struct Item {
        let news: News
        let template: MessageTemplate
        /// Nil if it was erased.
        let block: NewsBlock?
        let values: [TemplatePlaceholder: String]
    }

    let words: TemplateBook.Secure
    /// At least one that was not erased.
    let items: [Item]
    let reminder: Int
    let link: String

    func written(to recipient: String?, territory: Territory?) -> (subject: String, text: String) {
        var values: [TemplatePlaceholder: String] = [.link: link]
        values[.counts] = counts
        values[.recipient] = recipient
        values[.territory] = territory.map { QuotedText.oneLine($0.name) }
        values[.referent] = territory.map { QuotedText.oneLine($0.referent.name) }
        values[.phone] = territory?.referent.phone.map(QuotedText.phone)
        let opening = reminder > 0 ? words.reminder : words.news
        let asks = items.contains { $0.news.asks && $0.block != nil }
        let paragraphs =
            [words.greeting.filled(values), opening.filled(values)] + blocks + [(asks ? words.ask : words.read).filled(values)]
            + [words.footer.map { $0.filled(values) }.filter { !$0.isEmpty }.joined(separator: "\n")]
        return (FrenchTypography.apply(to: subject), FrenchTypography.apply(to: paragraphs.joined(separator: "\n\n")))
    }

    private var counts: String {
        let words = CountWords(items.map(\.news))
        return reminder > 0 ? words.reminder() : words.news()
    }

    private var subject: String {
        let isUrgent = items.contains { $0.block != nil && $0.news.urgency == .urgent }
        let mark = reminder > 0 ? "Rappel : " : isUrgent ? "Urgent : " : ""
        guard items.count == 1, let only = items.first?.template.subject, let initial = only.first else {
            let counts = CountWords(items.map(\.news))
            return mark + (reminder > 0 ? counts.reminder(tellsUrgency: false) : counts.news(tellsUrgency: false))
        }
        return mark.isEmpty ? only : mark + initial.lowercased() + only.dropFirst()
    }

    /// Those that ask before the others, each patient once.
    private var blocks: [String] {
        let sorted = items.filter(\.news.asks) + items.filter { !$0.news.asks }
        var order: [String] = []
        var grouped: [String: [Item]] = [:]
        for item in sorted {
            let key = item.block?.key ?? "erased"
            if grouped[key] == nil { order.append(key) }
            grouped[key, default: []].append(item)
        }
        return order.compactMap { grouped[$0].map(block) }
    }

    private func block(_ items: [Item]) -> String {
        guard let first = items.first?.block else { return words.erased.filled([:]) }
        var lines = [first.heading]
        var place: String?
        for item in items {
            if let next = item.block?.place, next != place {
                lines.append(next)
                place = next
            }
            let line = item.news.named ? item.template.line : item.template.unnamed ?? item.template.line
            lines.append("– " + line.filled(item.values))
            lines.append("  " + item.template.action.filled(item.values))
        }
        return lines.joined(separator: "\n")
    }
}
