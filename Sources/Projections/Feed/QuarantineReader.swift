public import EventStore
import Pathways
import Timekeeping

/// Reads what is, or was, in quarantine.
public struct QuarantineReader: Sendable {
    private let views: Views

    public init(views: Views) {
        self.views = views
    }

    /// Oldest first.
    ///
    /// - Parameters:
    ///   - status: nil = all.
    ///   - after: the last position of the page before.
    /// - Throws: `ViewError`.
    public func messages(status: QuarantinedMessage.Status? = nil, after: Int64 = 0, limit: Int) throws -> [QuarantinedMessage] {
        try views.read { connection in
            _ = try connection.position(of: FeedProjection.name)
            let look = try connection.statement(status == nil ? Self.all : Self.ofStatus)
            look.bind(1, after)
            look.bind(2, limit)
            if let status { look.bind(3, status.rawValue) }
            return try look.rows(Self.message)
        }
    }

    /// - Returns: nil if no message of this id was ever in quarantine, or it was erased.
    /// - Throws: `ViewError`.
    public func message(_ id: EventID) throws -> QuarantinedMessage? {
        try views.read { connection in
            _ = try connection.position(of: FeedProjection.name)
            let look = try connection.statement(Self.byID)
            look.bind(1, id.bytes)
            return try look.first(Self.message)
        }
    }

    // MARK: - Queries

    private static let columns = """
        SELECT message, position, application, facility, control_id, trigger, received_at, errors, warnings, status, decided_at, decided_by,
            outcome, reason
        FROM feed_quarantine
        """
    static let all = columns + " WHERE position > ?1 ORDER BY position LIMIT ?2"
    static let ofStatus = columns + " WHERE status = ?3 AND position > ?1 ORDER BY position LIMIT ?2"
    static let byID = columns + " WHERE message = ?1"

    private static func message(_ row: ViewStatement) throws -> QuarantinedMessage {
        guard let id = EventID(bytes: row.bytes(0)), let status = QuarantinedMessage.Status(rawValue: row.string(9)) else {
            throw ViewError.damaged(table: "feed_quarantine")
        }
        return QuarantinedMessage(
            id: id,
            position: row.int64(1),
            application: row.string(2),
            facility: row.string(3),
            controlID: row.string(4),
            trigger: row.string(5),
            receivedAt: Instant(millisecondsSinceEpoch: row.int64(6)),
            faults: row.string(7).split(separator: "\n").map(String.init),
            warnings: row.string(8).split(separator: " ").map(String.init),
            status: status,
            decision: row.optionalString(11).map { by in
                QuarantinedMessage.Decision(
                    at: Instant(millisecondsSinceEpoch: row.int64(10)),
                    by: by,
                    outcome: row.optionalString(12).flatMap(MessageOutcome.init(rawValue:)),
                    reason: row.optionalString(13).flatMap(DiscardReason.init(rawValue:))
                )
            }
        )
    }
}
