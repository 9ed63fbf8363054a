public import EventStore
import Pathways
public import Timekeeping

/// Reads the ledger of notifications, as it stands or as it stood: « ai-je été prévenu ? »
public struct NotificationReader: Sendable {
    /// The most messages of one page.
    public static let pageLimit = 500

    private let views: Views
    private let directory: DirectoryReader

    public init(views: Views) {
        self.views = views
        directory = DirectoryReader(views: views)
    }

    /// Whom was told what of a pathway, in the order in which it was.
    ///
    /// - Parameter position: as it stood there; nil = as far as the view has come.
    /// - Returns: nothing of a pathway that was erased, or of which nothing was told.
    /// - Throws: `ViewError.behind` if the view has not reached `position`.
    public func ledger(ofPathway pathway: StreamID, asOf position: Int64? = nil) throws -> [ToldLine] {
        try views.read { connection in
            let reading = try LedgerReading(connection, asOf: position, directory)
            let look = try connection.statement(Self.ofPathway)
            try look.bind(1, pathway)
            look.bind(2, reading.position)
            let found = try look.rows { row in
                (LedgerReading.Message(number: row.int64(0), id: row.string(1), rpps: row.string(2)), try LedgerReading.Item(row, 3))
            }
            return try found.map { try reading.line($0, $1) }
        }
    }

    /// What a professional was told of any pathway.
    ///
    /// - Parameters:
    ///   - rpps: somebody who was never told anything has an empty ledger.
    ///   - position: as above.
    ///   - after: where the part before ended (`ToldPage.next`), in the same order; nil for the first part.
    ///   - limit: messages, 1 to ``pageLimit``; all that one message told is in one part.
    public func ledger(
        ofProfessional rpps: String,
        asOf position: Int64? = nil,
        after: Int64? = nil,
        limit: Int = 100,
        order: ToldPage.Order = .oldestFirst
    ) throws -> ToldPage {
        try views.read { connection in
            let reading = try LedgerReading(connection, asOf: position, directory)
            let limit = min(max(1, limit), Self.pageLimit)
            let look = try connection.statement(order == .oldestFirst ? Self.ofPersonUpwards : Self.ofPersonDownwards)
            look.bind(1, rpps)
            look.bind(2, reading.position)
            look.bind(3, after ?? (order == .oldestFirst ? 0 : .max))
            // One more tells whether there is a next part.
            look.bind(4, limit + 1)
            let found = try look.rows { LedgerReading.Message(number: $0.int64(0), id: $0.string(1), rpps: rpps) }
            let messages = found.prefix(limit)
            let items = try connection.statement(Self.items)
            let lines = try messages.flatMap { message in
                items.bind(1, message.number)
                return try items.rows { try LedgerReading.Item($0, 0) }.map { try reading.line(message, $0) }
            }
            return ToldPage(lines: lines, next: found.count > limit ? messages.last?.number : nil, position: reading.position)
        }
    }

    /// What was given up since an instant and has not been handed over again, the oldest first: a line for each news of a message.
    public func undeliverable(since instant: Instant) throws -> [ToldLine] {
        try views.read { connection in
            let reading = try LedgerReading(connection, asOf: nil, directory)
            let look = try connection.statement(Self.givenUp)
            look.bind(1, instant.millisecondsSinceEpoch)
            let found = try look.rows { LedgerReading.Message(number: $0.int64(0), id: $0.string(1), rpps: $0.string(2)) }
            let items = try connection.statement(Self.items)
            let lines = try found.flatMap { message in
                items.bind(1, message.number)
                return try items.rows { try LedgerReading.Item($0, 0) }.map { try reading.line(message, $0) }
            }
            return lines.filter { $0.stage == .undeliverable }
        }
    }

    // MARK: - Queries

    static let ofPathway = """
        SELECT m.number, m.id, m.rpps, i.pathway, i.event, i.template, i.follow_up
        FROM notifications_item AS i JOIN notifications_message AS m ON m.number = i.message
        WHERE i.pathway = ?1 AND i.message <= ?2 ORDER BY i.message, i.place
        """
    static let ofPersonUpwards = ofPerson("> ?3", "")
    static let ofPersonDownwards = ofPerson("< ?3", " DESC")
    static let givenUp = """
        SELECT m.number, m.id, m.rpps FROM notifications_fact AS f JOIN notifications_message AS m ON m.number = f.message
        WHERE f.kind = 'undeliverable' AND f.at >= ?1 ORDER BY f.at, f.message
        """
    static let items = "SELECT pathway, event, template, follow_up FROM notifications_item WHERE message = ?1 ORDER BY place"

    /// A message of which everything was erased is not shown.
    private static func ofPerson(_ comparison: String, _ order: String) -> String {
        """
        SELECT m.number, m.id FROM notifications_message AS m
        WHERE m.rpps = ?1 AND m.number <= ?2 AND m.number \(comparison)
            AND EXISTS (SELECT 1 FROM notifications_item WHERE message = m.number)
        ORDER BY m.number\(order) LIMIT ?4
        """
    }
}
