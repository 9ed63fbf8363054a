import GRDB
import Pathways
import Timekeeping

extension SQLiteOutbox {
    /// What is decided on of a news that is kept.
    struct NewsHeader {
        let id: Int64
        let message: String?
        let ended: String?
        let recordedAt: Int64

        var isOpen: Bool { ended == nil }
        var fate: NewsFate? { ended.map { NewsFate(rawValue: $0) ?? .superseded } }

        init(_ row: Row) {
            id = row[0]
            message = row[1]
            ended = row[2]
            recordedAt = row[3]
        }
    }

    /// What is decided on of a message that is kept.
    struct MessageHeader {
        let number: Int64
        let id: String
        let recipient: String
        let reminder: Int
        let delivery: Delivery

        init(_ row: Row) {
            number = row[0]
            id = row[1]
            recipient = row[2]
            reminder = row[3]
            delivery = SQLiteOutbox.delivery(row, at: 4)
        }
    }

    private static let newsHeader = "SELECT id, message, ended, recorded_at FROM notification_news n"
    private static let messageHeader = "SELECT number, id, recipient, reminder, \(deliveryColumns) FROM notification_message m"

    static func row(of key: NewsKey, in database: Database) throws -> NewsHeader? {
        let sql = "\(newsHeader) WHERE event = ? AND recipient = ? AND template = ? AND subject = ?"
        return try Row.fetchOne(
            try database.cachedStatement(sql: sql),
            arguments: [key.event, key.recipient, key.template, key.followUp ?? ""]
        ).map(NewsHeader.init)
    }

    /// Of a message, in order.
    static func items(of number: Int64, in database: Database) throws -> [NewsHeader] {
        let sql = "\(newsHeader) JOIN notification_item i ON i.news = n.id WHERE i.number = ? ORDER BY i.ordinal"
        return try Row.fetchAll(try database.cachedStatement(sql: sql), arguments: [number]).map(NewsHeader.init)
    }

    static func header(of message: String, in database: Database) throws -> MessageHeader? {
        try Row.fetchOne(try database.cachedStatement(sql: "\(messageHeader) WHERE id = ?"), arguments: [message]).map(MessageHeader.init)
    }

    static func header(_ number: Int64, in database: Database) throws -> MessageHeader? {
        try Row.fetchOne(try database.cachedStatement(sql: "\(messageHeader) WHERE number = ?"), arguments: [number]).map(MessageHeader.init)
    }

    // MARK: - Whole ones

    private static let newsColumns = """
        n.event, n.recipient, n.template, n.subject, n.occurred_at, n.urgency, n.pathway, n.follow_up, n.answer_by, n.asks, n.named
        """
    private static let messageColumns = """
        m.number, m.recipient, m.urgency, m.reminder, m.made_at, m.position, \(deliveryColumns)
        """
    private static let deliveryColumns = """
        m.state, m.at, m.taken_by, m.receipt, m.reason, m.channel, m.attempts, m.since, m.tried, m.attempted
        """

    static func news(of key: NewsKey, in database: Database) throws -> OutboxNews? {
        let arguments: StatementArguments = [key.event, key.template, key.followUp ?? ""]
        return try news("event = ? AND template = ? AND subject = ?", arguments, of: key.recipient, in: database).first
    }

    /// Those of one person by position and key.
    static func news(
        _ condition: String,
        _ arguments: StatementArguments = [],
        of recipient: String,
        limit: Int = -1,
        in database: Database
    ) throws -> [OutboxNews] {
        let sql = """
            SELECT \(newsColumns), n.position, n.recorded_at, n.message, n.told_at, n.reminders, n.ended FROM notification_news n
            WHERE recipient = ? AND \(condition) ORDER BY position LIMIT ?
            """
        return try Row.fetchAll(try database.cachedStatement(sql: sql), arguments: [recipient] + arguments + [limit]).map { row in
            OutboxNews(
                news(row, at: 0),
                position: row[11],
                recordedAt: Instant(millisecondsSinceEpoch: row[12]),
                message: row[13],
                toldAt: (row[14] as Int64?).map { Instant(millisecondsSinceEpoch: $0) },
                reminders: row[15],
                ended: (row[16] as String?).map { NewsFate(rawValue: $0) ?? .superseded }
            )
        }
        .sorted { ($0.position, $0.news.key) < ($1.position, $1.news.key) }
    }

    /// With all of their items: the condition ends with an order by which the items of one follow each other.
    static func messages(
        _ condition: String,
        _ arguments: StatementArguments,
        in database: Database
    ) throws -> [(number: Int64, message: OutboxMessage)] {
        let sql = """
            SELECT \(messageColumns), \(newsColumns) FROM notification_message m
            JOIN notification_item i ON i.number = m.number JOIN notification_news n ON n.id = i.news WHERE \(condition)
            """
        let rows = try Row.fetchAll(try database.cachedStatement(sql: sql), arguments: arguments)
        var messages: [(number: Int64, message: OutboxMessage)] = []
        var start = rows.startIndex
        while start < rows.endIndex {
            let number: Int64 = rows[start][0]
            let end = rows[start...].firstIndex { ($0[0] as Int64) != number } ?? rows.endIndex
            messages.append((number, message(rows[start], rows[start..<end].map { news($0, at: 16) })))
            start = end
        }
        return messages
    }

    private static func message(_ row: Row, _ items: [News]) -> OutboxMessage {
        OutboxMessage(
            recipient: row[1],
            urgency: News.Urgency(rawValue: row[2]) ?? .routine,
            reminder: row[3],
            madeAt: Instant(millisecondsSinceEpoch: row[4]),
            position: row[5],
            items: items,
            delivery: delivery(row, at: 6)
        )
    }

    private static func delivery(_ row: Row, at start: Int) -> Delivery {
        StoredDelivery(
            state: row[start],
            at: row[start + 1],
            takenBy: row[start + 2],
            receipt: row[start + 3],
            reason: row[start + 4],
            tried: row[start + 8]
        )
        .delivery(channel: row[start + 5], attempts: row[start + 6], since: row[start + 7], mayBeOut: row[start + 9])
    }

    /// What has ended, or may be out though it was cancelled, by a condition on messages `m` and news `n`.
    static func items(_ condition: String, of recipient: String, in database: Database) throws -> [(news: News, ended: NewsFate?)] {
        let sql = """
            SELECT \(newsColumns), n.ended FROM notification_message m
            JOIN notification_item i ON i.number = m.number JOIN notification_news n ON n.id = i.news
            WHERE m.recipient = ? AND \(condition) ORDER BY m.number, i.ordinal
            """
        return try Row.fetchAll(try database.cachedStatement(sql: sql), arguments: [recipient]).map { row in
            (news(row, at: 0), (row[11] as String?).map { NewsFate(rawValue: $0) ?? .superseded })
        }
    }

    private static func news(_ row: Row, at start: Int) -> News {
        let subject: String = row[start + 3]
        return News(
            key: NewsKey(event: row[start], recipient: row[start + 1], template: row[start + 2], followUp: subject.isEmpty ? nil : subject),
            occurredAt: Instant(millisecondsSinceEpoch: row[start + 4]),
            urgency: News.Urgency(rawValue: row[start + 5]) ?? .routine,
            pathway: row[start + 6],
            followUp: row[start + 7],
            answerBy: (row[start + 8] as Int64?).map { Instant(millisecondsSinceEpoch: $0) },
            asks: row[start + 9],
            named: row[start + 10]
        )
    }
}
