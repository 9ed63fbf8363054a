import GRDB
import Pathways
import Timekeeping

extension SQLiteOutbox {
    private static let isOpen = "m.state IN ('waiting', 'handed-over', 'failed')"

    /// Each step of each person asks for it: what the step cannot depend on is not read.
    static func box(of recipient: String, at instant: Instant, isWhole: Bool, in database: Database) throws -> RecipientBox {
        let messages = try messages("m.recipient = ? AND \(isOpen) ORDER BY m.number, i.ordinal", [recipient], in: database).map(\.message)
        let open = isWhole ? [] : Set(messages.map(Lane.init(of:)))
        let waiting = try News.Urgency.allCases.filter { !open.contains(Lane(of: $0)) }
            .flatMap { try Self.waiting(for: recipient, $0, in: database) }
            .sorted { ($0.position, $0.news.key) < ($1.position, $1.news.key) }
        return RecipientBox(
            recipient: recipient,
            revision: try revision(of: recipient, in: database),
            waiting: waiting,
            messages: messages,
            unanswered: open.contains(.routine) || !isWhole && waiting.contains { $0.news.urgency == .urgent }
                ? [] : try unanswered(by: recipient, at: instant, in: database),
            recentRoutine: isWhole || waiting.contains { $0.news.urgency == .routine }
                ? try routineHandOvers(to: recipient, after: instant.adding(hours: -24), in: database) : [],
            ended: messages.isEmpty ? [:] : try ended(for: recipient, in: database),
            doubtful: isWhole || !waiting.isEmpty ? try items(isDoubtful, of: recipient, in: database).map(\.news) : []
        )
    }

    /// Of each urgency the first ones alone: a person of whom thousands wait is not read as a whole for each message.
    private static func waiting(for recipient: String, _ urgency: News.Urgency, in database: Database) throws -> [OutboxNews] {
        try news(
            "message IS NULL AND ended IS NULL AND urgency = '\(urgency.rawValue)'",
            of: recipient,
            limit: RecipientBox.waitingLimit,
            in: database
        )
    }

    private static func unanswered(by recipient: String, at instant: Instant, in database: Database) throws -> [OutboxNews] {
        try news(isUnanswered, of: recipient, in: database).filter { $0.isUnanswered(at: instant) }
    }

    private static func routineHandOvers(to recipient: String, after instant: Instant, in database: Database) throws -> [Instant] {
        let sql = """
            SELECT handed_over_at FROM notification_message
            WHERE recipient = ? AND urgency = 'routine' AND handed_over_at > ? ORDER BY handed_over_at
            """
        return try Int64.fetchAll(try database.cachedStatement(sql: sql), arguments: [recipient, instant.millisecondsSinceEpoch])
            .map { Instant(millisecondsSinceEpoch: $0) }
    }

    private static func ended(for recipient: String, in database: Database) throws -> [NewsKey: NewsFate] {
        Dictionary(
            try items("\(isOpen) AND n.ended IS NOT NULL", of: recipient, in: database)
                .compactMap { item in item.ended.map { (item.news.key, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
