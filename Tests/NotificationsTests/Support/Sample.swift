import Notifications
import Pathways
import Timekeeping

/// News and messages as tests need them.
enum Sample {
    static let nurse = "99999000443"
    static let doctor = "99999000450"
    static let pathway = "p1"
    static let start = Instant(millisecondsSinceEpoch: 1_772_000_000_000)

    static func at(minutes: Int64) -> Instant { start.adding(minutes: minutes) }

    static func news(
        _ event: String,
        to recipient: String = nurse,
        template: String = "offer-named",
        pathway: String? = pathway,
        followUp: String? = "f1",
        answerBy: Instant? = nil,
        urgency: News.Urgency = .routine
    ) -> News {
        News(
            key: NewsKey(event: event, recipient: recipient, template: template, followUp: followUp),
            occurredAt: start,
            urgency: urgency,
            pathway: pathway,
            followUp: followUp,
            answerBy: answerBy,
            asks: answerBy != nil,
            named: true
        )
    }

    static func intake(_ position: Int64, _ news: [News] = [], ending endings: [NewsEnding] = [], fate: NewsFate? = nil) -> NewsIntake {
        NewsIntake(position: position, recordedAt: at(minutes: position), endings: endings, news: news.map { ($0, fate) })
    }

    static func message(_ items: [News], reminder: Int = 0, at minutes: Int64 = 10, urgency: News.Urgency = .routine) -> OutboxMessage {
        OutboxMessage(
            recipient: items.first?.key.recipient ?? nurse,
            urgency: urgency,
            reminder: reminder,
            madeAt: at(minutes: minutes),
            position: 100,
            items: items,
            delivery: Delivery(.waiting(until: at(minutes: minutes)))
        )
    }

    static func handedOver(at minutes: Int64) -> Delivery {
        Delivery(.handedOver(by: .mssante, receipt: "Q7", at: at(minutes: minutes)), channel: .mssante, attempts: 1, since: at(minutes: minutes))
    }
}
