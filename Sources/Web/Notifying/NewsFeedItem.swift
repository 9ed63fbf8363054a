public import Pathways
import Timekeeping

/// One news as software gets it, by the feed or by a partner's topic: ids of the log, no name and no text.
public struct NewsFeedItem: Sendable, Encodable {
    let key: String
    let event: String
    let template: String
    let pathway: String?
    let followUp: String?
    let occurredAt: String
    let asks: Bool
    let answerBy: String?

    /// - Parameter key: what receivers recognise it by, on every channel.
    public init(_ news: News, key: String) {
        self.key = key
        event = news.key.event
        template = news.key.template
        pathway = news.pathway
        followUp = news.followUp
        occurredAt = news.occurredAt.rfc3339
        asks = news.asks
        answerBy = news.answerBy?.rfc3339
    }
}
