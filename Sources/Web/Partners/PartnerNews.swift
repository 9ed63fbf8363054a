public import Pathways

/// What a partner's topic says of one news: the item of the feed, and whose it is.
public struct PartnerNews: Sendable, Encodable {
    /// CloudEvents' type of such a record.
    public static let type = "fr.relais.partner.news.v1"

    let professional: String
    let urgency: String
    let item: NewsFeedItem

    /// - Parameter key: as on every other channel.
    public init(_ news: News, key: String) {
        professional = news.key.recipient
        urgency = news.urgency.rawValue
        item = NewsFeedItem(news, key: key)
    }

    /// JSON on one line; the same news gives the same bytes.
    public func bytes() throws -> [UInt8] { try JSONAnswer.bytes(encoding: self) }
}
