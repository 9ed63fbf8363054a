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
        let mayRemind = !open.contains(.routine) && (isWhole || !waiting.contains { $0.news.urgency == .urgent })
        let (unanswered, remindersAfter) = mayRemind ? try reminders(of: recipient, at: instant, isWhole: isWhole, in: database) : ([], nil)
        return RecipientBox(
            recipient: recipient,
            revision: try revision(of: recipient, in: database),
            waiting: waiting,
            messages: messages,
            unanswered: unanswered,
            remindersAfter: remindersAfter,
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

    /// As ``OutboxNews/reminderAt``.
    private static let reminderAt =
        "told_at + CASE reminders WHEN 0 THEN (answer_by - told_at) / 2 ELSE answer_by - told_at - (answer_by - told_at) / 4 END"

    /// Of what was told, all; or what is due, and when the next one is: there may be thousands of which nobody is to be reminded for days.
    private static func reminders(
        of recipient: String,
        at instant: Instant,
        isWhole: Bool,
        in database: Database
    ) throws -> (due: [OutboxNews], after: Instant?) {
        if isWhole { return (try news(isUnanswered, of: recipient, in: database).filter { $0.isUnanswered(at: instant) }, nil) }
        let now = instant.millisecondsSinceEpoch
        // Of the index alone.
        let sql = """
            SELECT count(*) FILTER (WHERE due <= ?1), min(due) FILTER (WHERE due > ?1)
            FROM (SELECT \(reminderAt) AS due FROM notification_news INDEXED BY notification_news_unanswered
                WHERE recipient = ?2 AND \(isUnanswered) AND answer_by > ?1)
            """
        let row = try Row.fetchOne(try database.cachedStatement(sql: sql), arguments: [now, recipient])
        let after = (row?[1] as Int64?).map { Instant(millisecondsSinceEpoch: $0) }
        guard let due = row?[0] as Int64?, due > 0 else { return ([], after) }
        let found = try news(isUnanswered, of: recipient, in: database).filter { item in
            item.isUnanswered(at: instant) && item.reminderAt.map { $0 <= instant } ?? false
        }
        return (found, after)
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
