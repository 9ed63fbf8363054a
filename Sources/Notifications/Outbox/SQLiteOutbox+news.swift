import GRDB
import Pathways
import Timekeeping

extension SQLiteOutbox {
    static func take(_ intake: NewsIntake, in database: Database) throws {
        let recordedAt = intake.recordedAt.millisecondsSinceEpoch
        let dueAt = intake.dueAt.millisecondsSinceEpoch
        for ending in intake.endings {
            let fate = NewsFate(ending.reason)
            try end(try news(endedBy: ending, before: intake.position, in: database), as: fate, at: dueAt, in: database)
            if ending.isOfWholePathway {
                // An event of another stream may come later than it was recorded, and be about a pathway where it has ended since.
                try database.cachedStatement(
                    sql: "INSERT OR IGNORE INTO notification_closing(pathway, position, templates, recorded_at, fate) VALUES (?, ?, ?, ?, ?)"
                ).execute(arguments: [ending.pathway, intake.position, Self.list(ending.templates), recordedAt, fate.rawValue])
            }
        }
        var recipients: [String] = []
        for (news, fate) in intake.news {
            let fate = try fate?.rawValue ?? closing(of: news, after: intake.position, in: database)
            let item = OutboxNews(news, position: intake.position, recordedAt: intake.recordedAt)
            if try insert(item, ended: fate, in: database), fate == nil { recipients.append(news.key.recipient) }
        }
        for recipient in recipients { try touch(recipient, at: dueAt, in: database) }
    }

    /// - Returns: false if it is known.
    static func insert(_ item: OutboxNews, ended: String?, in database: Database) throws -> Bool {
        let news = item.news
        try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO notification_news(event, recipient, template, subject, position, recorded_at, occurred_at, urgency,
                    pathway, follow_up, answer_by, asks, named, ended)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            news.key.event, news.key.recipient, news.key.template, news.key.followUp ?? "", item.position,
            item.recordedAt.millisecondsSinceEpoch, news.occurredAt.millisecondsSinceEpoch, news.urgency.rawValue, news.pathway, news.followUp,
            news.answerBy?.millisecondsSinceEpoch, news.asks, news.named, ended,
        ])
        return database.changesCount > 0
    }

    private static func list(_ templates: Set<String>?) -> String { templates.map { " \($0.sorted().joined(separator: " ")) " } ?? "" }

    private static func closing(of news: News, after position: Int64, in database: Database) throws -> String? {
        guard let pathway = news.pathway else { return nil }
        return try String.fetchOne(
            try database.cachedStatement(
                sql: """
                    SELECT fate FROM notification_closing WHERE pathway = ? AND position > ? AND (templates = '' OR instr(templates, ?) > 0)
                    ORDER BY position, id LIMIT 1
                    """
            ),
            arguments: [pathway, position, " \(news.key.template) "]
        )
    }

    private static func news(endedBy ending: NewsEnding, before position: Int64, in database: Database) throws -> [Int64] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, recipient, template FROM notification_news WHERE pathway = ? AND ended IS NULL AND position < ?
                \(ending.followUp == nil ? "" : "AND follow_up = ?") ORDER BY id
                """
        )
        let rows = try Row.fetchAll(statement, arguments: [ending.pathway, position] + StatementArguments([ending.followUp].compactMap { $0 }))
        return rows.compactMap { row in
            let (recipient, template): (String, String) = (row[1], row[2])
            let isMeant = (ending.recipients?.contains(recipient) ?? true) && (ending.templates?.contains(template) ?? true)
            return isMeant ? row[0] : nil
        }
    }

    /// - Parameters:
    ///   - news: none of them ended yet.
    ///   - instant: when those are due who have something waiting again; nil for when that was recorded.
    static func end(_ news: [Int64], as fate: NewsFate, at instant: Int64?, in database: Database) throws {
        let end = try database.cachedStatement(sql: "UPDATE notification_news SET ended = ? WHERE id = ?")
        for id in news { try end.execute(arguments: [fate.rawValue, id]) }
        var untouched: Set<Int64> = []
        for id in news {
            untouched.formUnion(
                try Int64.fetchAll(
                    try database.cachedStatement(
                        sql: """
                            SELECT m.number FROM notification_item i JOIN notification_message m ON m.number = i.number
                            WHERE i.news = ? AND m.attempted = 0 AND m.state IN ('waiting', 'parked')
                            """
                    ),
                    arguments: [id]
                )
            )
        }
        for number in untouched.sorted() { try cancel(number, as: fate, at: instant, in: database) }
    }

    /// What is left in it waits again, for a message with an id of its own.
    static func cancel(_ number: Int64, as fate: NewsFate, at instant: Int64?, in database: Database) throws {
        guard let message = try header(number, in: database) else { return }
        try write(Delivery(.cancelled(fate)), of: number, in: database)
        try free(message, at: instant, in: database)
    }

    /// Those that nobody can have are as if they had never been formed.
    static func disband(where isMeant: (String) -> Bool, in database: Database) throws {
        let sql = "SELECT number, recipient FROM notification_message WHERE state IN ('waiting', 'parked') AND attempted = 0 ORDER BY number"
        let rows = try Row.fetchAll(try database.cachedStatement(sql: sql))
        for row in rows where isMeant(row[1]) {
            let number: Int64 = row[0]
            guard let message = try header(number, in: database) else { continue }
            try free(message, at: nil, in: database)
            try database.cachedStatement(sql: "DELETE FROM notification_item WHERE number = ?").execute(arguments: [number])
            try database.cachedStatement(sql: "DELETE FROM notification_message WHERE number = ?").execute(arguments: [number])
        }
    }

    private static func free(_ message: MessageHeader, at instant: Int64?, in database: Database) throws {
        for item in try items(of: message.number, in: database) where item.isOpen {
            if message.reminder > 0 {
                let fewer = try database.cachedStatement(sql: "UPDATE notification_news SET reminders = min(reminders, ?) WHERE id = ?")
                try fewer.execute(arguments: [message.reminder - 1, item.id])
            } else if item.message == message.id {
                try database.cachedStatement(sql: "UPDATE notification_news SET message = NULL WHERE id = ?").execute(arguments: [item.id])
            } else {
                continue
            }
            try touch(message.recipient, at: instant ?? item.recordedAt, in: database)
        }
    }

    // MARK: - Looks

    static func touch(_ recipient: String, at instant: Int64, in database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO notification_look(recipient, due, revision) VALUES (?1, ?2, 1)
                ON CONFLICT(recipient) DO UPDATE SET due = min(ifnull(due, ?2), ?2), revision = revision + 1
                """
        ).execute(arguments: [recipient, instant])
    }

    static func revision(of recipient: String, in database: Database) throws -> Int64 {
        try Int64.fetchOne(
            try database.cachedStatement(sql: "SELECT revision FROM notification_look WHERE recipient = ?"),
            arguments: [recipient]
        ) ?? 0
    }
}
