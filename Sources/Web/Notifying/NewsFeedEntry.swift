import Notifications
import Pathways
import Timekeeping

/// A message as software that pulls gets it: ids of the log, no name and no text.
struct NewsFeedEntry: Sendable, Encodable {
    let cursor: String
    let message: String
    let urgency: String
    let reminder: Int
    let madeAt: String
    let items: [NewsFeedItem]

    init(_ message: OutboxMessage, cursor: NewsFeedCursor, key: (NewsKey) -> String) {
        self.cursor = cursor.text
        self.message = message.id
        urgency = message.urgency.rawValue
        reminder = message.reminder
        madeAt = message.madeAt.rfc3339
        items = message.items.map { NewsFeedItem($0, key: key($0.key)) }
    }

    /// As a server-sent event: what JSON writes here has no line breaks.
    func event() throws -> String {
        let data = String(decoding: try JSONAnswer.bytes(encoding: self), as: UTF8.self)
        return "id: \(cursor)\nevent: news\ndata: \(data)\n\n"
    }
}

/// A page of the feed.
struct NewsFeedDocument: Encodable {
    let professional: String
    let entries: [NewsFeedEntry]
    /// Where to go on: there whether there are entries or not.
    let next: String
}
