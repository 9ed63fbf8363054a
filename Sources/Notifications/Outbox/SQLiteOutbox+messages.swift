import GRDB
import Pathways
import Timekeeping

extension SQLiteOutbox {
    static func form(_ message: OutboxMessage, in database: Database) throws {
        guard let number = try insert(message, in: database) else { return }
        var fate: NewsFate?
        for (ordinal, item) in message.items.enumerated() {
            guard let found = try row(of: item.key, in: database) ?? adopt(item, of: message, in: database) else { continue }
            fate = fate ?? found.fate
            try database.cachedStatement(sql: "INSERT INTO notification_item(number, ordinal, news) VALUES (?, ?, ?)")
                .execute(arguments: [number, ordinal, found.id])
        }
        try bind(number, message.id, reminder: message.reminder, in: database)
        // Something may have ended since whoever forms it saw it.
        if let fate, message.delivery.isUntouched {
            try cancel(number, as: fate, at: message.madeAt.millisecondsSinceEpoch, in: database)
        }
    }

    /// - Returns: its number; nil if it is known.
    private static func insert(_ message: OutboxMessage, in database: Database) throws -> Int64? {
        // Looked up, since a row that is refused would leave a gap in the numbers.
        let known = try database.cachedStatement(sql: "SELECT number FROM notification_message WHERE id = ?")
        guard try Int64.fetchOne(known, arguments: [message.id]) == nil else { return nil }
        let delivery = message.delivery
        let stored = StoredDelivery(delivery)
        let madeAt = message.madeAt.millisecondsSinceEpoch
        try database.cachedStatement(
            sql: """
                INSERT INTO notification_message(id, recipient, urgency, reminder, made_at, position, state, at, taken_by, receipt, reason, channel,
                    attempts, since, tried, attempted, handed_over_at, changed_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            message.id, message.recipient, message.urgency.rawValue, message.reminder, madeAt, message.position, stored.state, stored.at,
            stored.takenBy, stored.receipt, stored.reason, delivery.channel?.rawValue, delivery.attempts, delivery.since?.millisecondsSinceEpoch,
            stored.tried, delivery.mayBeOut, stored.handedOverAt, max(madeAt, stored.changedAt ?? madeAt),
        ])
        return database.lastInsertedRowID
    }

    /// What nobody has is not told any more once something of it has ended.
    ///
    /// - Parameter delivery: that of the message, as it is kept.
    static func cancelIfEnded(_ number: Int64, _ delivery: Delivery, at instant: Int64?, in database: Database) throws {
        guard delivery.isUntouched else { return }
        if let fate = try items(of: number, in: database).compactMap(\.fate).first { try cancel(number, as: fate, at: instant, in: database) }
    }

    /// A news that was never taken in is kept with the message that tells it.
    private static func adopt(_ news: News, of message: OutboxMessage, in database: Database) throws -> NewsHeader? {
        _ = try insert(OutboxNews(news, position: message.position, recordedAt: message.madeAt), ended: nil, in: database)
        return try row(of: news.key, in: database)
    }

    private static func bind(_ number: Int64, _ id: String, reminder: Int, in database: Database) throws {
        // Rows that are so already are not written again.
        let statement = try database.cachedStatement(
            sql: """
                UPDATE notification_news SET \(reminder > 0 ? "reminders = ?1" : "message = ?1")
                WHERE id IN (SELECT news FROM notification_item WHERE number = ?2) AND \(reminder > 0 ? "reminders < ?1" : "message IS NULL")
                """
        )
        if reminder > 0 { try statement.execute(arguments: [reminder, number]) } else { try statement.execute(arguments: [id, number]) }
    }

    /// - Returns: what is kept now; nil if there is no such message.
    static func save(_ delivery: Delivery, of id: String, in database: Database) throws -> Delivery? {
        guard let found = try header(of: id, in: database) else { return nil }
        guard let delivery = delivery.kept(after: found.delivery) else { return found.delivery }
        try write(delivery, of: found.number, in: database)
        if case .cancelled(let fate) = delivery.state {
            let sql = """
                UPDATE notification_news SET ended = ?1 WHERE id IN (SELECT news FROM notification_item WHERE number = ?2)
                AND ended IS NULL AND (?3 OR (message = ?4 AND told_at IS NULL))
                """
            try database.cachedStatement(sql: sql).execute(arguments: [fate.rawValue, found.number, found.reminder > 0, id])
            return delivery
        }
        // What ended during the attempt may have cancelled it: what the channel was given counts all the same.
        try bind(found.number, id, reminder: found.reminder, in: database)
        if delivery.isUntouched {
            try cancelIfEnded(found.number, delivery, at: nil, in: database)
            return try header(found.number, in: database)?.delivery
        }
        guard case .handedOver(_, _, let at) = delivery.state, found.reminder == 0 else { return delivery }
        let sql = """
            UPDATE notification_news SET told_at = ? WHERE id IN (SELECT news FROM notification_item WHERE number = ?)
            AND told_at IS NULL AND message = ?
            """
        try database.cachedStatement(sql: sql).execute(arguments: [at.millisecondsSinceEpoch, found.number, id])
        return delivery
    }

    static func write(_ delivery: Delivery, of number: Int64, in database: Database) throws {
        let stored = StoredDelivery(delivery)
        let sql = """
            UPDATE notification_message SET state = ?, at = ?, taken_by = ?, receipt = ?, reason = ?, channel = ?, attempts = ?, since = ?,
                tried = ?, attempted = ?, handed_over_at = ifnull(?, handed_over_at), changed_at = max(changed_at, ifnull(?, 0))
            WHERE number = ?
            """
        try database.cachedStatement(sql: sql).execute(arguments: [
            stored.state, stored.at, stored.takenBy, stored.receipt, stored.reason, delivery.channel?.rawValue, delivery.attempts,
            delivery.since?.millisecondsSinceEpoch, stored.tried, delivery.mayBeOut, stored.handedOverAt, stored.changedAt, number,
        ])
    }

    // MARK: - Forgetting

    static func prune(before instant: Int64, in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM notification_item WHERE number IN
                    (SELECT number FROM notification_message WHERE state IN ('settled', 'cancelled') AND changed_at < ?1)
                """,
            arguments: [instant]
        )
        try database.execute(
            sql: "DELETE FROM notification_message WHERE state IN ('settled', 'cancelled') AND changed_at < ?",
            arguments: [instant]
        )
        try database.execute(
            sql: """
                DELETE FROM notification_news WHERE recorded_at < ?1 AND NOT (message IS NULL AND ended IS NULL)
                AND NOT (\(isUnanswered) AND answer_by >= ?1)
                AND NOT EXISTS (SELECT 1 FROM notification_item WHERE news = notification_news.id)
                """,
            arguments: [instant]
        )
        try database.execute(sql: "DELETE FROM notification_closing WHERE recorded_at < ?", arguments: [instant])
    }
}
