import Coordination
import EventStore
import Logging
import Notifications
import Pathways
import Streaming
import Synchronization
import Web

/// What events are news for, for all partners of a territory: each event is worked on once, however many of them have a share in it.
///
/// It is what the notifier tells by the same table, at once and from the log alone: neither merged nor held back, reminded of or muted. That is
/// the business of those who tell people; software wants the same event to give the same for ever.
final class PartnerTeller: Sendable {
    private struct Recent {
        var news: [Int64: [News]] = [:]
        var order: [Int64] = []
    }

    /// Partners read about the same place of the log.
    private static let capacity = 2_000
    private let recent = Mutex(Recent())
    private let reader: HappeningReader
    private let table: NewsTable
    private let logger: Logger

    init(coordinator: Coordinator, table: NewsTable, logger: Logger) {
        reader = HappeningReader(coordinator: coordinator)
        self.table = table
        self.logger = logger
    }

    /// An event that cannot be read any more, or was erased, gives nothing.
    func documents(of event: RecordedEvent, for partner: PartnerPolicy.Partner) throws -> [PartnerDocument] {
        guard table.concerns(type: event.type) else { return [] }
        return try news(of: event)
            .filter { news in
                partner.feed.contains(news.key.recipient) && (partner.templates?.contains(news.key.template) ?? true)
            }
            .map { news in
                let key = LogRenderer.key(of: news.key)
                let body = try PartnerNews(news, key: key).bytes()
                return PartnerDocument(id: key, subject: news.pathway, type: PartnerNews.type, time: news.occurredAt, body: body)
            }
    }

    private func news(of event: RecordedEvent) throws -> [News] {
        if let known = recent.withLock({ $0.news[event.position] }) { return known }
        let news: [News]
        do {
            news = try reader.happening(of: event).map { table.news(for: $0, in: try reader.territory(at: event)) } ?? []
        } catch CoordinationError.unreadable(let position, let type, _) {
            logger.error("an event cannot be told partners", metadata: ["position": "\(position)", "type": "\(type)"])
            news = []
        }
        recent.withLock { recent in
            guard recent.news.updateValue(news, forKey: event.position) == nil else { return }
            recent.order.append(event.position)
            if recent.order.count > Self.capacity {
                for position in recent.order.prefix(Self.capacity / 2) { recent.news[position] = nil }
                recent.order.removeFirst(Self.capacity / 2)
            }
        }
        return news
    }
}
