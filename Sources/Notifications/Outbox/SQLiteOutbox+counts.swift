import GRDB
import Pathways
import Timekeeping

/// Each statement reads an index and no table, however much is kept: who writes waits for it.
extension SQLiteOutbox {
    /// Of each person: how many news wait, and since when.
    static let waitingByRecipient = """
        SELECT recipient, count(*) AS items, min(recorded_at) AS oldest FROM notification_news INDEXED BY notification_news_waiting
        WHERE message IS NULL AND ended IS NULL GROUP BY recipient
        """
    /// Of each person, those of whom the first reminder is certainly to come: bound to the shortest time, and now.
    static let owedByRecipient = """
        SELECT recipient, count(*) AS items FROM notification_news INDEXED BY notification_news_unanswered
        WHERE \(isUnanswered) AND reminders = 0 AND answer_by - told_at >= ? AND ? < told_at + (answer_by - told_at) / 2 GROUP BY recipient
        """
    /// Of each person and state, the messages that are open.
    static let openByRecipient = """
        SELECT recipient, state, count(*) AS items, min(ifnull(since, made_at)) AS oldest
        FROM notification_message INDEXED BY notification_message_open
        WHERE state IN ('waiting', 'handed-over', 'failed') GROUP BY recipient, state
        """

    static func counts(at instant: Instant, in database: Database) throws -> OutboxCounts {
        let latest = instant.adding(days: OutboxCounts.daysToLook).millisecondsSinceEpoch
        let isStranded = "NOT EXISTS (SELECT 1 FROM notification_look l WHERE l.recipient = t.recipient AND l.due <= ?)"
        func row(_ columns: String, of table: String, _ arguments: StatementArguments) throws -> Row? {
            let sql = "SELECT \(columns), ifnull(sum(CASE WHEN \(isStranded) THEN t.items ELSE 0 END), 0) FROM (\(table)) t"
            return try Row.fetchOne(try database.cachedStatement(sql: sql), arguments: [latest] + arguments)
        }
        var counts = OutboxCounts()
        var oldest: [Int64?] = []
        if let waiting = try row("ifnull(sum(items), 0), min(oldest)", of: waitingByRecipient, []) {
            counts.waiting = waiting[0]
            oldest.append(waiting[1])
            counts.stranded += waiting[2] as Int64
        }
        if let owed = try row("ifnull(sum(items), 0)", of: owedByRecipient, [OutboxNews.shortestToRemind, instant.millisecondsSinceEpoch]) {
            counts.stranded += owed[1] as Int64
        }
        let open = """
            ifnull(sum(CASE WHEN state = 'waiting' THEN items END), 0), min(CASE WHEN state = 'waiting' THEN oldest END),
            ifnull(sum(CASE WHEN state <> 'waiting' THEN items END), 0)
            """
        if let messages = try row(open, of: openByRecipient, []) {
            counts.pending = messages[0]
            oldest.append(messages[1])
            counts.unrecorded = messages[2]
            counts.stranded += messages[3] as Int64
        }
        let parked = "SELECT count(*) FROM notification_message WHERE state = 'parked'"
        counts.parked = try Int64.fetchOne(try database.cachedStatement(sql: parked)) ?? 0
        counts.oldest = oldest.compactMap { $0 }.min().map { Instant(millisecondsSinceEpoch: $0) }
        return counts
    }
}
