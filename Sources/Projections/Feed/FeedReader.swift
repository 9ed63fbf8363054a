public import EventStore
import Pathways
public import Timekeeping

/// Reads what came from each sender.
public struct FeedReader: Sendable {
    /// How long an orphan waits before it is an alarm, unless told otherwise.
    public static let defaultOrphanAlarmMinutes: Int64 = 240
    /// The most orphans that a status names.
    public static let orphanLimit = 100

    private let views: Views
    private let log: any EventReader
    private let orphanAlarmMinutes: Int64

    /// - Parameters:
    ///   - log: where repetitions are counted: they are no events.
    ///   - orphanAlarmMinutes: how long an orphan may wait.
    public init(views: Views, log: any EventReader, orphanAlarmMinutes: Int64 = defaultOrphanAlarmMinutes) {
        self.views = views
        self.log = log
        self.orphanAlarmMinutes = orphanAlarmMinutes
    }

    /// - Parameter now: what is overdue is computed from it.
    public func status(now: Instant) throws -> FeedStatus {
        try views.read { connection in
            let position = try connection.position(of: FeedProjection.name)
            let limit = now.adding(minutes: -orphanAlarmMinutes)
            let waiting = try Waiting.bySender(connection, limit)
            let quarantine = try counts(connection, "SELECT application, facility, status, count(*) FROM feed_quarantine GROUP BY 1, 2, 3")
            let outcomes = try counts(connection, "SELECT application, facility, code, total FROM feed_count WHERE kind = 'outcome'")
            let warnings = try counts(connection, "SELECT application, facility, code, total FROM feed_count WHERE kind = 'warning'")
            let senders = try connection.statement(
                "SELECT application, facility, last_received_at FROM feed_sender ORDER BY application, facility"
            )
            return FeedStatus(
                position: position,
                orphanAlarmMinutes: orphanAlarmMinutes,
                senders: try senders.rows { row in
                    let sender = FeedCounts.Sender(application: row.string(0), facility: row.string(1))
                    let waits = waiting[sender]
                    func total(_ outcome: MessageOutcome) -> Int64 { outcomes[sender]?[outcome.rawValue] ?? 0 }
                    func ended(_ status: QuarantinedMessage.Status) -> Int64 { quarantine[sender]?[status.rawValue] ?? 0 }
                    let scope = HL7Sender(application: sender.application, facility: sender.facility).commandScope
                    return FeedStatus.Sender(
                        application: sender.application,
                        facility: sender.facility,
                        accepted: total(.accepted),
                        ignored: total(.ignored),
                        duplicates: try log.commandCounts(scope: scope).repeats,
                        orphans: total(.orphan),
                        orphansWaiting: waits?.count ?? 0,
                        orphansOverdue: waits?.overdue ?? 0,
                        oldestOrphanAt: waits?.since,
                        quarantined: total(.quarantined),
                        quarantineWaiting: ended(.waiting),
                        repaired: ended(.repaired),
                        discarded: ended(.discarded),
                        refused: total(.refused),
                        warnings: warnings[sender] ?? [:],
                        lastReceivedAt: Instant(millisecondsSinceEpoch: row.int64(2))
                    )
                },
                orphans: try orphans(connection, overdueSince: limit)
            )
        }
    }

    private func counts(_ connection: ViewConnection, _ sql: String) throws -> [FeedCounts.Sender: [String: Int64]] {
        var found: [FeedCounts.Sender: [String: Int64]] = [:]
        let rows = try connection.statement(sql).rows { row in
            (FeedCounts.Sender(application: row.string(0), facility: row.string(1)), row.string(2), row.int64(3))
        }
        for (sender, code, total) in rows { found[sender, default: [:]][code] = total }
        return found
    }

    /// What waits of one sender.
    private struct Waiting {
        let count: Int64
        let overdue: Int64
        let since: Instant

        /// The same movement held by two messages waits once, since the first of them.
        static func bySender(_ connection: ViewConnection, _ limit: Instant) throws -> [FeedCounts.Sender: Waiting] {
            let look = try connection.statement(
                """
                SELECT application, facility, count(*), sum(since <= ?1), min(since) FROM (
                    SELECT o.application, o.facility, min(o.received_at) AS since
                    FROM feed_held h JOIN feed_orphan o ON o.message = h.message
                    GROUP BY h.stream, h.parent, o.application, o.facility
                ) GROUP BY application, facility
                """
            )
            look.bind(1, limit.millisecondsSinceEpoch)
            let rows = try look.rows { row in
                (
                    FeedCounts.Sender(application: row.string(0), facility: row.string(1)),
                    Waiting(count: row.int64(2), overdue: row.int64(3), since: Instant(millisecondsSinceEpoch: row.int64(4)))
                )
            }
            return Dictionary(rows) { first, _ in first }
        }
    }

    private func orphans(_ connection: ViewConnection, overdueSince limit: Instant) throws -> [WaitingOrphan] {
        let look = try connection.statement(
            """
            SELECT message, position, application, facility, control_id, trigger, received_at FROM feed_orphan
            WHERE message IN (SELECT message FROM feed_held) ORDER BY received_at, position LIMIT ?1
            """
        )
        look.bind(1, Self.orphanLimit)
        return try look.rows { row in
            guard let id = EventID(bytes: row.bytes(0)) else { throw ViewError.damaged(table: "feed_orphan") }
            let since = Instant(millisecondsSinceEpoch: row.int64(6))
            return WaitingOrphan(
                id: id,
                position: row.int64(1),
                application: row.string(2),
                facility: row.string(3),
                controlID: row.string(4),
                trigger: row.string(5),
                since: since,
                isOverdue: since <= limit
            )
        }
    }
}
