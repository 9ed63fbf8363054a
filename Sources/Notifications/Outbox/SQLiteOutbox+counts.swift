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

    static func counts(at instant: Instant, of isMeant: (String) -> Bool, in database: Database) throws -> OutboxCounts {
        let latest = instant.adding(days: OutboxCounts.daysToLook).millisecondsSinceEpoch
        let isStranded = "NOT EXISTS (SELECT 1 FROM notification_look l WHERE l.recipient = t.recipient AND l.due <= ?)"
        /// The rows of a table of people, of those who are meant; whether nobody is going to look at them.
        func each(of table: String, _ arguments: StatementArguments, _ body: (_ row: Row, _ items: Int64, _ isStranded: Bool) -> Void) throws {
            let sql = "SELECT t.*, \(isStranded) AS stranded FROM (\(table)) t"
            let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: [latest] + arguments)
            while let row = try rows.next() {
                if isMeant(row["recipient"]) { body(row, row["items"], row["stranded"]) }
            }
        }
        var counts = OutboxCounts()
        var oldest: Int64?
        try each(of: waitingByRecipient, []) { row, items, isStranded in
            counts.waiting += items
            counts.stranded += isStranded ? items : 0
            oldest = Self.earlier(oldest, row["oldest"])
        }
        try each(of: owedByRecipient, [OutboxNews.shortestToRemind, instant.millisecondsSinceEpoch]) { _, items, isStranded in
            counts.stranded += isStranded ? items : 0
        }
        try each(of: openByRecipient, []) { row, items, isStranded in
            counts.stranded += isStranded ? items : 0
            if row["state"] == "waiting" {
                counts.pending += items
                oldest = Self.earlier(oldest, row["oldest"])
            } else {
                counts.unrecorded += items
            }
        }
        let parked = "SELECT count(*) FROM notification_message WHERE state = 'parked'"
        counts.parked = try Int64.fetchOne(try database.cachedStatement(sql: parked)) ?? 0
        counts.oldest = oldest.map { Instant(millisecondsSinceEpoch: $0) }
        return counts
    }

    private static func earlier(_ one: Int64?, _ other: Int64) -> Int64 { min(one ?? other, other) }
}
